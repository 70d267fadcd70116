{{/*
  edgemesh.configs ROOT              build edgemesh-agent.yaml, edgemesh-agent-cloud.yaml (where cloud
                                  nodes differ) and edgemesh-gateway.yaml
  edgemesh.sections ROOT          put back what a null took away: sections, and the agent
  edgemesh.tunnel config, relayNodes
                                  complete modules.edgeTunnel of a config
  edgemesh.cloudConfig ROOT, agent
                                  build the config of cloud nodes
  edgemesh.gatewayConfig ROOT, agent
                                  build the config of the gateway
  edgemesh.once ROOT, known, own, twin
                                  drop problems of inherited keys that are known under the other
                                  prefix, and name the rest under the own one
  edgemesh.warnings ROOT          warnings that need the release name
*/}}

{{- define "edgemesh.configs" -}}
{{- include "edgemesh.sections" . -}}
{{- include "edgemesh.site.rules" (dict "root" . "values" .Values "where" "") -}}
{{- $agent := deepCopy (pick .Values.agent "kubeAPIConfig" "commonConfig" "modules") -}}
{{- include "edgemesh.tunnel" (dict "config" $agent "relayNodes" .Values.agent.relayNodes) -}}
{{- include "edgemesh.site.config" (dict "root" . "component" "edgemesh-agent" "config" $agent "prefix" "agent" "name" "edgemesh-agent.yaml") -}}
{{- $inherited := omit $agent "apiVersion" "kind" -}}
{{- if .Values.agent.cloudNodes -}}
{{- include "edgemesh.cloudConfig" (dict "root" . "agent" $inherited) -}}
{{- end -}}
{{- include "edgemesh.gatewayConfig" (dict "root" . "agent" $inherited) -}}
{{- include "edgemesh.components" . -}}
{{- if not .Values._site.problems }}{{ include "edgemesh.warnings" . }}{{ end -}}
{{- end -}}

{{- define "edgemesh.sections" -}}
{{- $out := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" .Values "path" (list "agent" "enable") "out" $out) -}}
{{- if not $out.found }}{{ include "edgemesh.site.put" (dict "at" .Values "path" (list "agent" "enable") "value" true) }}{{ end -}}
{{- $sections := list "agent" "agent.metricsService" "crds" "gateway" "gateway.networkPolicy" "gateway.podDisruptionBudget" "gateway.service" "images" "metaServer.clientCertificate" "metaServer.clientCertificate.certManager" "metaServer.clientCertificate.certManager.issuerRef" "tests" -}}
{{- range $path := concat $sections (list "agent.serviceAccount" "gateway.serviceAccount") -}}
{{- $out := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" $.Values "path" (splitList "." $path) "out" $out) -}}
{{- if not $out.found -}}
{{- $empty := ternary (dict "create" true) dict (hasSuffix "serviceAccount" $path) -}}
{{- include "edgemesh.site.put" (dict "at" $.Values "path" (splitList "." $path) "value" $empty) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.tunnel" -}}
{{- $out := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" .config "path" (list "modules" "edgeTunnel") "out" $out) -}}
{{- $tunnel := first (append $out.found dict) -}}
{{- if kindIs "map" $tunnel -}}
{{- if and .relayNodes (not $tunnel.relayNodes) }}{{ $_ := set $tunnel "relayNodes" .relayNodes }}{{ end -}}
{{- /* The agent panics when it reloads a file without this section (edgemesh v1.17 pkg/tunnel/tunnel.go:668). */ -}}
{{- if not (hasKey $tunnel "enable") }}{{ $_ := set $tunnel "enable" false }}{{ end -}}
{{- include "edgemesh.site.put" (dict "at" .config "path" (list "modules" "edgeTunnel") "value" $tunnel) -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.cloudConfig" -}}
{{- $site := .root.Values._site -}}
{{- $known := $site.problems -}}{{- $warnings := $site.warnings -}}
{{- $cloud := mergeOverwrite (deepCopy .agent) (deepCopy .root.Values.agent.cloudNodes) -}}
{{- $agent := mergeOverwrite (deepCopy (omit .root.Values.agent "cloudNodes" "relayNodes")) $cloud -}}
{{- $view := mergeOverwrite (deepCopy (omit .root.Values "agent" "_site")) (dict "agent" $agent) -}}
{{- include "edgemesh.site.rules" (dict "root" .root "values" $view "where" "") -}}
{{- include "edgemesh.site.config" (dict "root" .root "component" "edgemesh-agent" "config" $cloud "prefix" "agent" "name" "edgemesh-agent-cloud.yaml") -}}
{{- include "edgemesh.once" (dict "root" .root "known" $known "own" "agent.cloudNodes." "twin" "agent.") -}}
{{- /* Warnings speak of edge nodes; they were tried on the values of those. */ -}}
{{- $_ := set $site "warnings" $warnings -}}
{{- end -}}

{{- define "edgemesh.gatewayConfig" -}}
{{- $values := .root.Values.gateway -}}
{{- $known := .root.Values._site.problems -}}
{{- $config := deepCopy (pick $values "modules" "pprofConfig") -}}
{{- $api := mergeOverwrite (deepCopy (.agent.kubeAPIConfig | default dict)) (deepCopy ($values.kubeAPIConfig | default dict)) -}}
{{- $_ := set $config "kubeAPIConfig" $api -}}
{{- $out := dict "found" list -}}
{{- include "edgemesh.site.find" (dict "at" .agent "path" (list "modules" "edgeTunnel" "relayNodes") "out" $out) -}}
{{- $relays := ternary (first $out.found) $values.relayNodes (kindIs "invalid" $values.relayNodes) -}}
{{- include "edgemesh.tunnel" (dict "config" $config "relayNodes" $relays) -}}
{{- include "edgemesh.site.config" (dict "root" .root "component" "edgemesh-gateway" "config" $config "prefix" "gateway" "name" "edgemesh-gateway.yaml") -}}
{{- include "edgemesh.once" (dict "root" .root "known" $known "own" "gateway.kubeAPIConfig." "twin" "agent.kubeAPIConfig.") -}}
{{- end -}}

{{- define "edgemesh.once" -}}
{{- $own := .own -}}{{- $twin := .twin -}}{{- $known := .known -}}{{- $kept := .known -}}
{{- range $at, $problem := .root.Values._site.problems -}}
{{- if ge $at (len $known) -}}
{{- $same := $problem -}}
{{- if hasPrefix $own $problem }}{{ $same = printf "%s%s" $twin (trimPrefix $own $problem) }}{{ end -}}
{{- if not (has $same $known) -}}
{{- if hasPrefix $twin $same }}{{ $same = printf "%s%s" $own (trimPrefix $twin $same) }}{{ end -}}
{{- $kept = append $kept $same -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .root.Values._site "problems" $kept -}}
{{- end -}}

{{- define "edgemesh.warnings" -}}
{{- $site := .Values._site -}}
{{- $name := include "edgemesh.name" (dict "root" . "suffix" "agent") -}}
{{- $proxy := (index $site.configs "edgemesh-agent.yaml").modules.edgeProxy | default dict -}}
{{- /* The proxy looks for a pod of that name on the other node (edgemesh v1.17 pkg/proxy/socks5_proxy.go). */ -}}
{{- if and ($proxy.socks5Proxy | default dict).enable (not (contains "edgemesh-agent" $name)) -}}
{{- $text := printf "agent.modules.edgeProxy.socks5Proxy.enable: the proxy finds other nodes by pods called edgemesh-agent, here they are called %s (install as release edgemesh, or set fullnameOverride=edgemesh)" $name -}}
{{- $_ := set $site "warnings" (append $site.warnings $text) -}}
{{- end -}}
{{- end -}}
