/** The store of AWS Secrets Manager. Nothing is exported; the API finds it. */
@SuppressWarnings("requires-automatic") // the SDK fixes the names in its manifests, see ADR 38
module de.lifetimecircle.secrets.aws {
  requires de.lifetimecircle.secrets;
  requires de.lifetimecircle.secrets.remote;
  requires org.apache.httpcomponents.httpclient;
  requires org.apache.httpcomponents.httpcore;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.endpoints;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.apache;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.secretsmanager;
  requires software.amazon.awssdk.services.sts;
  requires software.amazon.awssdk.thirdparty.jackson.core;
  requires software.amazon.awssdk.utils;
  requires static com.google.auto.service;
  requires static transitive org.jspecify;

  provides de.lifetimecircle.secrets.spi.SecretStoreFactory with
      de.lifetimecircle.secrets.aws.AwsStoreFactory;
}
