/**
 * The toolbox of remote stores, for backends that speak HTTP: {@link
 * de.lifetimecircle.secrets.remote.HttpTransport} sends requests and ends them in time, {@link
 * de.lifetimecircle.secrets.remote.ProxySettings} finds the proxy that operators expect, {@link
 * de.lifetimecircle.secrets.remote.PemTls} trusts PEM files and follows them when they change,
 * {@link de.lifetimecircle.secrets.remote.RetryAfter} reads how long a server asks its clients to
 * wait, {@link de.lifetimecircle.secrets.remote.NetworkFailure} tells why a request got no answer,
 * {@link de.lifetimecircle.secrets.remote.AwsSignature} signs requests to AWS, and {@link
 * de.lifetimecircle.secrets.remote.TypedKey} declares a setting, which {@link
 * de.lifetimecircle.secrets.remote.StoreSettings} reads. No class here knows a backend.
 */
@NullMarked
package de.lifetimecircle.secrets.remote;

import org.jspecify.annotations.NullMarked;
