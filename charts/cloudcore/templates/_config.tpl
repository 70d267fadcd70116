{{/*
  cloudcore.init ROOT          prepare the values once; every template calls it first
  cloudcore.configs ROOT       build cloudcore.yaml
  cloudcore.sections ROOT      restore what a null removed: sections, and values that are on by default
  cloudcore.rates config       set the values that cloudcore would otherwise compute and write into its ConfigMap
*/}}

{{- define "cloudcore.init" -}}
{{- if not (hasKey .Values "_site") -}}
{{- include "cloudcore.common.begin" . -}}
{{- $given := pick (.Values.cloudCore | default dict) "featureGates" "commonConfig" "kubeAPIConfig" "modules" -}}
{{- include "cloudcore.common.fields" (dict "root" . "component" "cloudcore" "value" $given "key" "cloudCore") -}}
{{- include "cloudcore.common.profile" . -}}
{{- include "cloudcore.sections" . -}}
{{- include "cloudcore.rules" (dict "root" . "values" .Values "where" "") -}}
{{- if ne .Release.Namespace "kubeedge" -}}
{{- $says := printf "cloudcore works only in the namespace kubeedge (got %s) (install with --namespace kubeedge)" .Release.Namespace -}}
{{- include "cloudcore.common.problem" (dict "out" .Values._site "key" "namespace" "says" $says "code" "namespace-not-kubeedge") -}}
{{- end -}}
{{- include "cloudcore.common.fail" . -}}
{{- include "cloudcore.components" . -}}
{{- include "cloudcore.configs" . -}}
{{- include "cloudcore.ports" . -}}
{{- end -}}
{{- end -}}

{{- define "cloudcore.configs" -}}
{{- $config := deepCopy (pick .Values.cloudCore "featureGates" "commonConfig" "kubeAPIConfig" "modules") -}}
{{- range $name := list "advertiseAddress" "dnsNames" -}}
{{- /* Without the key cloudcore finds its own address; with an empty list its certificate has no address. */ -}}
{{- if not (get $config.modules.cloudHub $name) }}{{ $_ := unset $config.modules.cloudHub $name }}{{ end -}}
{{- end -}}
{{- $stream := or (ne (include "cloudcore.streamSecret" .) "") (eq (toString .Values.cloudCore.streamCertificate.files.enable) "true") -}}
{{- include "cloudcore.common.defaults" (dict "at" $config "values" (dict "modules" (dict "cloudStream" (dict "enable" $stream)))) -}}
{{- if eq (include "cloudcore.since" (list . "1.9")) "true" -}}
{{- $iptables := pick .Values.iptablesManager "enable" "mode" -}}
{{- include "cloudcore.common.put" (dict "at" $config "path" (list "modules" "iptablesManager") "value" $iptables) -}}
{{- end -}}
{{- if ne (include "cloudcore.since" (list . "1.11")) "true" -}}
{{- /* The default is a file in root's home; empty means the service account. */ -}}
{{- include "cloudcore.common.defaults" (dict "at" $config "values" (dict "kubeAPIConfig" (dict "kubeConfig" ""))) -}}
{{- end -}}
{{- if eq (include "cloudcore.since" (list . "1.13")) "true" }}{{ include "cloudcore.rates" $config }}{{ end -}}
{{- include "cloudcore.common.config" (dict "root" . "component" "cloudcore" "config" $config "name" "cloudcore.yaml") -}}
{{- end -}}

{{- define "cloudcore.sections" -}}
{{- include "cloudcore.common.defaults" (dict "at" .Values "values" (dict
  "images" dict
  "crds" (dict "enable" true)
  "tests" dict
  "cloudCore" (dict
    "replicaCount" 1
    "hostNetWork" true
    "image" dict
    "modules" (dict "cloudHub" dict)
    "networkPolicy" dict
    "podDisruptionBudget" dict
    "securityContext" dict
    "service" (dict "enable" true)
    "serviceAccount" dict
    "streamCertificate" (dict
      "certManager" (dict "issuerRef" dict)
      "files" dict
      "secretKeys" (dict "ca" "streamCA.crt" "cert" "stream.crt" "key" "stream.key")))
  "iptablesManager" (dict "enable" true "hostNetWork" true "mode" "external" "image" dict "serviceAccount" dict)
  "controllerManager" (dict "replicaCount" 1 "image" dict "serviceAccount" dict)
  "admission" (dict "replicaCount" 1 "image" dict "serviceAccount" dict "certManager" (dict "issuerRef" dict))
  "mosquitto" (dict "address" "127.0.0.1" "image" dict)
)) -}}
{{- end -}}

{{- /* With smaller values cloudcore raises them at start and rewrites its ConfigMap
(kubeedge v1.23.1 cloud/cmd/cloudcore/app/server.go:114), which then differs from the chart's for good. */ -}}
{{- define "cloudcore.rates" -}}
{{- $out := dict "found" list -}}
{{- include "cloudcore.common.find" (dict "at" . "path" (list "modules" "cloudHub" "nodeLimit") "out" $out) -}}
{{- $nodes := int64 (first (append $out.found 500)) -}}
{{- include "cloudcore.common.defaults" (dict "at" . "values" (dict
  "kubeAPIConfig" (dict "qps" (mul 5 $nodes) "burst" (mul 10 $nodes))
  "modules" (dict "edgeController" (dict
    "load" (dict
      "queryNodeWorkers" $nodes
      "createLeaseWorkers" $nodes
      "patchNodeWorkers" (add 100 (div $nodes 50)))
    "buffer" (dict
      "patchNode" (add 1024 (div $nodes 2))
      "queryNode" (add 1024 $nodes)
      "createLease" (add 1024 $nodes))))
)) -}}
{{- end -}}
