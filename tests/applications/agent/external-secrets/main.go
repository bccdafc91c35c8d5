// Runs a provider of External Secrets on the agent, with the resources of the example for Kubernetes: what the operator
// calls for a store and for an ExternalSecret, without the operator and without a cluster. The only object of a cluster
// is the Secret with the token.
//
//	external-secrets MANIFEST STORE    reads before and after a rotation
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
	strict "sigs.k8s.io/yaml"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	_ "github.com/external-secrets/external-secrets/pkg/provider/vault"
	_ "github.com/external-secrets/external-secrets/pkg/provider/webhook"
)

const namespace = "ltc"

// cluster has one Secret and nothing else.
type cluster struct {
	client.Client
	token corev1.Secret
}

func (c cluster) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	secret, ok := into.(*corev1.Secret)
	if !ok || key.Name != c.token.Name || key.Namespace != c.token.Namespace {
		return fmt.Errorf("the test has no %T %s", into, key)
	}
	c.token.DeepCopyInto(secret)
	return nil
}

// resources are those of the manifest, read strictly: a field that the types do not have is a mistake.
type resources struct {
	store    esv1.SecretStore
	external esv1.ExternalSecret
	token    corev1.Secret
}

func read(manifest, store string) (resources, error) {
	var found resources
	file, err := os.Open(manifest)
	if err != nil {
		return found, err
	}
	defer file.Close()
	documents := yaml.NewYAMLReader(bufio.NewReader(file))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, err
		}
		var head struct {
			Kind     string
			Metadata struct{ Name string }
		}
		if err := strict.Unmarshal(document, &head); err != nil {
			return found, err
		}
		switch {
		case head.Kind == "SecretStore":
			var each esv1.SecretStore
			err = strict.UnmarshalStrict(document, &each)
			if each.Name == store {
				found.store = each
			}
		case head.Kind == "ExternalSecret":
			err = strict.UnmarshalStrict(document, &found.external)
		case head.Kind == "Secret":
			err = strict.UnmarshalStrict(document, &found.token)
		}
		if err != nil {
			return found, fmt.Errorf("%s %s: %w", head.Kind, head.Metadata.Name, err)
		}
	}
}

// at puts the agent of the test in the place of the one in the manifest.
func (r *resources) at(address, token string) {
	const there = "http://secrets-agent-vault.secrets-agent-vault.svc:8200"
	if vault := r.store.Spec.Provider.Vault; vault != nil {
		vault.Server = strings.Replace(vault.Server, there, address, 1)
	}
	if webhook := r.store.Spec.Provider.Webhook; webhook != nil {
		webhook.URL = strings.Replace(webhook.URL, there, address, 1)
	}
	r.token.Data = map[string][]byte{"token": []byte(token)}
	r.token.StringData = nil
}

// value does what the operator does at each refresh: a new client, then the value of the entry.
func (r *resources) value(kube client.Client, name string) string {
	ctx := context.Background()
	provider, err := esv1.GetProvider(&r.store)
	if err != nil {
		return err.Error()
	}
	secrets, err := provider.NewClient(ctx, &r.store, kube, namespace)
	if err != nil {
		return err.Error()
	}
	defer secrets.Close(ctx)
	if state, err := secrets.Validate(); err != nil || state != esv1.ValidationResultReady {
		return fmt.Sprintf("the store is not ready: %v %v", state, err)
	}
	entry := r.external.Spec.Data[0].RemoteRef
	entry.Key = name
	value, err := secrets.GetSecret(ctx, entry)
	switch {
	case err == nil:
		return string(value)
	case errors.Is(err, esv1.NoSecretErr):
		return "not-found"
	case strings.Contains(err.Error(), "403"):
		return "access-denied"
	default:
		return err.Error()
	}
}

// more reads what only the provider for Vault can: all fields, names that match, and metadata.
func (r *resources) more(kube client.Client, name, expected string) error {
	if r.store.Spec.Provider.Vault == nil {
		return nil
	}
	ctx := context.Background()
	provider, err := esv1.GetProvider(&r.store)
	if err != nil {
		return err
	}
	secrets, err := provider.NewClient(ctx, &r.store, kube, namespace)
	if err != nil {
		return err
	}
	defer secrets.Close(ctx)
	fields, err := secrets.GetSecretMap(ctx, esv1.ExternalSecretDataRemoteRef{Key: name})
	if err != nil || string(fields["value"]) != expected {
		return fmt.Errorf("extract: %d fields, %w", len(fields), err)
	}
	folder := "prod"
	found, err := secrets.GetAllSecrets(ctx, esv1.ExternalSecretFind{Path: &folder, Name: &esv1.FindName{RegExp: "APP_.*"}})
	if err != nil || len(found) != 1 || found[name] == nil {
		return fmt.Errorf("find: %d secrets, %w", len(found), err)
	}
	// The agent has no metadata of users, so there is nothing to give; an error would say that the request failed.
	_, err = secrets.GetSecret(ctx, esv1.ExternalSecretDataRemoteRef{
		Key: name, MetadataPolicy: esv1.ExternalSecretMetadataPolicyFetch})
	return err
}

func run() error {
	address, token := os.Getenv("VAULT_ADDR"), os.Getenv("VAULT_TOKEN")
	for _, each := range os.Environ() { // the client of Vault must have them from the store alone
		if name, _, _ := strings.Cut(each, "="); strings.HasPrefix(name, "VAULT_") {
			os.Unsetenv(name)
		}
	}
	all, err := read(os.Args[1], os.Args[2])
	if err != nil {
		return err
	}
	all.at(address, token)
	kube := cluster{token: all.token}
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, each := range info.Deps {
			if each.Path == "github.com/external-secrets/external-secrets" {
				version = each.Version
			}
		}
	}
	fmt.Println("version", version)
	fmt.Println("value", all.value(kube, "prod/APP_KEY"))
	bufio.NewReader(os.Stdin).ReadString('\n')
	now := all.value(kube, "prod/APP_KEY")
	fmt.Println("value", now)
	if err := all.more(kube, "prod/APP_KEY", now); err != nil {
		return err
	}
	fmt.Println("absent", all.value(kube, "prod/ABSENT"))
	fmt.Println("denied", all.value(kube, "prod/HIDDEN"))
	return nil
}

func main() {
	// The provider for Vault makes a client of the cluster, which it asks nothing here.
	if err := os.Setenv("KUBECONFIG", os.Args[3]); err != nil {
		panic(err)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
