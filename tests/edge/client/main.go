// The parts of edgemesh-agent that these tests are about: its connection to the edge Kube-API endpoint, and an
// answer to DNS requests at its bridgeDeviceIP.
//
//	client PERIOD
//
// It reads the agent's config as the agent does: which keys count, their defaults, and which files are
// needed (facts: METASERVER_TLS.md b). Then it asks the endpoint for Services once a period, on a new
// connection each time, and watches Services meanwhile. Each change of the outcome is one line of JSON on
// standard output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

const (
	tokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token"
	// An answer may take 10 s while cloudcore is away, and longer while the API server is.
	patience = 60 * time.Second
)

type security struct {
	RequireAuthorization  bool   `json:"requireAuthorization"`
	InsecureSkipTLSVerify bool   `json:"insecureSkipTLSVerify"`
	TLSCaFile             string `json:"tlsCaFile"`
	TLSCertFile           string `json:"tlsCertFile"`
	TLSPrivateKeyFile     string `json:"tlsPrivateKeyFile"`
}

type config struct {
	CommonConfig struct {
		BridgeDeviceIP string `json:"bridgeDeviceIP"`
	} `json:"commonConfig"`
	KubeAPIConfig struct {
		MetaServer struct {
			Server   string   `json:"server"`
			Security security `json:"security"`
		} `json:"metaServer"`
	} `json:"kubeAPIConfig"`
}

type line struct {
	At      string `json:"at"`
	Outcome string `json:"outcome"`
}

func main() {
	period, err := time.ParseDuration(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	client, bridge, err := connection("/etc/edgemesh/config/edgemesh-agent.yaml")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go resolve(bridge)
	transport, err := rest.HTTPClientFor(client)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	transport.Timeout = patience
	go follow(kubernetes.NewForConfigOrDie(client))
	last := ""
	for range time.Tick(period) {
		outcome := ask(transport, client.Host)
		if outcome != last {
			print(line{time.Now().UTC().Format(time.RFC3339Nano), outcome})
			last = outcome
		}
	}
}

// connection returns how the agent connects, and where it answers DNS, from its config.
func connection(path string) (*rest.Config, string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	var read config
	server := &read.KubeAPIConfig.MetaServer
	server.Server = "http://127.0.0.1:10550"
	server.Security = security{
		TLSCaFile:         "/etc/edgemesh/metaserver/rootCA.crt",
		TLSCertFile:       "/etc/edgemesh/metaserver/server.crt",
		TLSPrivateKeyFile: "/etc/edgemesh/metaserver/server.key",
	}
	read.CommonConfig.BridgeDeviceIP = "169.254.96.16"
	if err := yaml.Unmarshal(text, &read); err != nil {
		return nil, "", err
	}
	made, err := client(server.Server, server.Security)
	return made, read.CommonConfig.BridgeDeviceIP, err
}

// client returns how the agent connects to the endpoint.
func client(server string, security security) (*rest.Config, error) {
	made := &rest.Config{Host: server, QPS: -1}
	if !security.RequireAuthorization {
		return made, nil
	}
	made.Host = strings.ReplaceAll(made.Host, "http://", "https://")
	if _, err := os.Stat(tokenFile); err != nil {
		return nil, err
	}
	made.BearerTokenFile = tokenFile
	if security.InsecureSkipTLSVerify {
		made.Insecure = true
		return made, nil
	}
	made.CAFile = security.TLSCaFile
	made.CertFile = security.TLSCertFile
	made.KeyFile = security.TLSPrivateKeyFile
	for _, file := range []string{made.CAFile, made.CertFile, made.KeyFile} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// ask lists the Services once and says what came back.
func ask(client *http.Client, server string) string {
	request, err := http.NewRequest(http.MethodGet, server+"/api/v1/services", nil)
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Accept", "application/json")
	request.Close = true
	answer, err := client.Do(request)
	if err != nil {
		return short(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return short(err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Sprint(answer.StatusCode)
	}
	var list struct {
		Metadata struct {
			ResourceVersion string `json:"resourceVersion"`
			SelfLink        string `json:"selfLink"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return "200 without JSON"
	}
	if list.Metadata.ResourceVersion != "" && list.Metadata.SelfLink == "" {
		return "200 cloud"
	}
	return "200 local"
}

// short cuts the address from an error of the HTTP client; it differs from request to request.
func short(err error) string {
	text := err.Error()
	for _, port := range []string{"->127.0.0.1:10550: ", "127.0.0.1:10550: "} {
		if _, rest, found := strings.Cut(text, port); found {
			return rest
		}
	}
	return text
}

// follow watches Services for ever.
func follow(client *kubernetes.Clientset) {
	for {
		services, err := client.CoreV1().Services("").Watch(context.Background(), metav1.ListOptions{})
		if err == nil {
			drain(services)
		}
		time.Sleep(time.Second)
	}
}

func drain(events watch.Interface) {
	defer events.Stop()
	for range events.ResultChan() {
	}
}

func print(one line) {
	text, err := json.Marshal(one)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

// resolve answers every DNS request with the address of the API server's Service.
func resolve(address string) {
	for {
		listener, err := net.ListenPacket("udp", net.JoinHostPort(address, "53"))
		if err == nil {
			answerAll(listener)
			listener.Close()
		}
		time.Sleep(time.Second)
	}
}

func answerAll(listener net.PacketConn) {
	buffer := make([]byte, 1500)
	for {
		length, from, err := listener.ReadFrom(buffer)
		if err != nil {
			return
		}
		var message dnsmessage.Message
		if message.Unpack(buffer[:length]) != nil || len(message.Questions) != 1 {
			continue
		}
		question := message.Questions[0]
		message.Header.Response = true
		message.Additionals = nil
		if question.Type == dnsmessage.TypeA {
			head := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class, TTL: 30}
			message.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte{10, 96, 0, 1}}}}
		}
		if packed, err := message.Pack(); err == nil {
			listener.WriteTo(packed, from)
		}
	}
}
