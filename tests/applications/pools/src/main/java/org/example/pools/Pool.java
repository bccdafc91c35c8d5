package org.example.pools;

import javax.sql.DataSource;

/**
 * A connection pool of the service.
 *
 * @param dataSource where the service gets connections
 * @param evict replaces the open connections
 */
record Pool(DataSource dataSource, Runnable evict) {}
