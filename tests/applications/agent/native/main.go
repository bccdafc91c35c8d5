// Reads by clients/go/secrets.go, before and after a rotation.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime"
)

var words = map[Status]string{403: "access-denied", 404: "not-found"}

func said(name string) string {
	value, err := Secret(name)
	var status Status
	switch {
	case err == nil:
		return string(value)
	case errors.As(err, &status) && words[status] != "":
		return words[status]
	default:
		return err.Error()
	}
}

func main() {
	fmt.Println("version", runtime.Version())
	fmt.Println("value", said("prod/APP_KEY"))
	bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println("value", said("prod/APP_KEY"))
	fmt.Println("absent", said("prod/ABSENT"))
	fmt.Println("denied", said("prod/HIDDEN"))
}
