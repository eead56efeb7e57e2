// A service that knows nothing of Gapless: no X-Release, no X-Instance, a port, routes and an environment of its own.
// With SHUTDOWN=graceful it finishes its open requests on SIGTERM; without, it has no handler, as many services have none.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	greeting := os.Getenv("SHOP_GREETING")
	if greeting == "" {
		log.Fatal("SHOP_GREETING is not set")
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/status/live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	routes.HandleFunc("/hello", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, greeting) })
	routes.HandleFunc("/report", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(time.Second)
		fmt.Fprintln(w, "done")
	})
	server := &http.Server{Addr: ":3000", Handler: routes}
	finished := make(chan struct{})
	if os.Getenv("SHUTDOWN") == "graceful" {
		go finishOnSigterm(server, finished)
	}
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-finished
}

func finishOnSigterm(server *http.Server, finished chan<- struct{}) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	<-told
	if err := server.Shutdown(context.Background()); err != nil {
		log.Print(err)
	}
	close(finished)
}
