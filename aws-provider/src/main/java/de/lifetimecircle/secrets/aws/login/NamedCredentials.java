package de.lifetimecircle.secrets.aws.login;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Credentials that say where they come from, for people. */
interface NamedCredentials extends AwsCredentialsProvider, SdkAutoCloseable {
  String words();
}
