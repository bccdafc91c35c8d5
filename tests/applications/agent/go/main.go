// Reads by the client of Vault for Go, before and after a rotation.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"

	"github.com/hashicorp/vault/api"
)

func code(client *api.Client, path string) string {
	secret, err := client.KVv2("secret").Get(context.Background(), path)
	var answer *api.ResponseError
	switch {
	case err == nil:
		return fmt.Sprint(secret.Data["value"])
	case errors.Is(err, api.ErrSecretNotFound):
		return "not-found"
	case errors.As(err, &answer) && answer.StatusCode == http.StatusForbidden:
		return "access-denied"
	default:
		return err.Error()
	}
}

func main() {
	// The address and the token come from the environment.
	client, err := api.NewClient(api.DefaultConfig())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, each := range info.Deps {
			if each.Path == "github.com/hashicorp/vault/api" {
				version = each.Version
			}
		}
	}
	fmt.Println("version", version)
	fmt.Println("value", code(client, "prod/APP_KEY"))
	bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println("value", code(client, "prod/APP_KEY"))
	fmt.Println("absent", code(client, "prod/ABSENT"))
	fmt.Println("denied", code(client, "prod/HIDDEN"))
}
