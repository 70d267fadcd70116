module second_opinion

go 1.26

require (
	github.com/kubeedge/kubeedge v1.8.2
	k8s.io/apimachinery v0.22.17
	sigs.k8s.io/yaml v1.2.0
)

require (
	github.com/go-logr/logr v0.4.0 // indirect
	github.com/gogo/protobuf v1.3.2 // indirect
	github.com/google/go-cmp v0.5.5 // indirect
	github.com/google/gofuzz v1.1.0 // indirect
	github.com/json-iterator/go v1.1.11 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.1 // indirect
	golang.org/x/net v0.0.0-20211209124913-491a49abca63 // indirect
	golang.org/x/text v0.3.6 // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
	gopkg.in/yaml.v2 v2.3.0 // indirect
	k8s.io/api v0.22.17 // indirect
	k8s.io/klog/v2 v2.9.0 // indirect
	k8s.io/kubernetes v1.21.4 // indirect
	sigs.k8s.io/structured-merge-diff/v4 v4.2.1 // indirect
)

replace k8s.io/api => k8s.io/api v0.22.17

replace k8s.io/apimachinery => k8s.io/apimachinery v0.22.17

replace k8s.io/client-go => k8s.io/client-go v0.22.17

replace k8s.io/component-base => k8s.io/component-base v0.22.17

replace k8s.io/kubelet => k8s.io/kubelet v0.22.17

replace k8s.io/kubernetes => ./kubernetes

replace k8s.io/component-helpers => ./component-helpers

exclude github.com/kubeedge/api v0.0.0

exclude github.com/kubeedge/beehive v0.0.0

exclude github.com/kubeedge/viaduct v0.0.0

exclude github.com/256dpi/gomqtt v0.10.4

exclude github.com/StackExchange/wmi v0.0.0-20190523213315-cbe66965904d

exclude github.com/armon/circbuf v0.0.0-20190214190532-5111143e8da2

exclude github.com/astaxie/beego v1.12.0

exclude github.com/blang/semver v3.5.1+incompatible

exclude github.com/cheekybits/genny v1.0.0

exclude github.com/container-storage-interface/spec v1.3.0

exclude github.com/coreos/go-systemd v0.0.0-20190620071333-e64a0ec8b42a

exclude github.com/dgrijalva/jwt-go v3.2.0+incompatible

exclude github.com/docker/docker v20.10.2+incompatible

exclude github.com/eclipse/paho.mqtt.golang v1.2.0

exclude github.com/emicklei/go-restful v2.9.6+incompatible

exclude github.com/ghodss/yaml v1.0.0

exclude github.com/go-ole/go-ole v1.2.4

exclude github.com/golang/mock v1.4.4

exclude github.com/golang/protobuf v1.4.3

exclude github.com/google/cadvisor v0.39.0

exclude github.com/google/uuid v1.1.2

exclude github.com/gorilla/mux v1.8.0

exclude github.com/gorilla/websocket v1.4.2

exclude github.com/hashicorp/golang-lru v0.5.3

exclude github.com/imdario/mergo v0.3.7

exclude github.com/kubernetes-csi/csi-lib-utils v0.6.1

exclude github.com/lib/pq v1.2.0

exclude github.com/mattn/go-sqlite3 v1.11.0

exclude github.com/mitchellh/go-ps v0.0.0-20190716172923-621e5597135b

exclude github.com/onsi/ginkgo v1.12.0

exclude github.com/onsi/gomega v1.8.1

exclude github.com/paypal/gatt v0.0.0-20151011220935-4ae819d591cf

exclude github.com/pkg/errors v0.9.1

exclude github.com/prometheus/client_golang v1.7.1

exclude github.com/shirou/gopsutil v2.20.9+incompatible

exclude github.com/spf13/cobra v1.1.1

exclude github.com/spf13/pflag v1.0.5

exclude github.com/stretchr/testify v1.6.1

exclude golang.org/x/net v0.0.0-20210224082022-3d97a244fca7

exclude google.golang.org/grpc v1.27.1

exclude gopkg.in/yaml.v2 v2.4.0

exclude k8s.io/apiextensions-apiserver v0.21.4

exclude k8s.io/apiserver v0.21.4

exclude k8s.io/cli-runtime v0.21.4

exclude k8s.io/cloud-provider v0.21.4

exclude k8s.io/cluster-bootstrap v0.21.4

exclude k8s.io/code-generator v0.21.4

exclude k8s.io/cri-api v0.21.4

exclude k8s.io/csi-translation-lib v0.21.4

exclude k8s.io/kube-openapi v0.0.0-20210305001622-591a79e4bda7

exclude k8s.io/kube-scheduler v0.21.4

exclude k8s.io/mount-utils v0.21.4

exclude sigs.k8s.io/apiserver-network-proxy v0.0.20

exclude sigs.k8s.io/apiserver-network-proxy/konnectivity-client v0.0.22
