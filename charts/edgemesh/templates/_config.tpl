{{/*
  edgemesh.init ROOT              prepare the values once; every template calls it first
  edgemesh.sections ROOT          restore what a null removed: sections, and the agent
  edgemesh.configs ROOT           build edgemesh-agent.yaml, edgemesh-agent-cloud.yaml (if cloud nodes differ)
                                  and edgemesh-gateway.yaml (if there is a gateway)
  edgemesh.agentConfig ROOT, out  the values for edgemesh-agent.yaml, in out.config
  edgemesh.tunnel config, relayNodes
                                  complete modules.edgeTunnel of a config
  edgemesh.gatewayConfig ROOT, agent
                                  build the config of the gateway
*/}}

{{- define "edgemesh.init" -}}
{{- if not (hasKey .Values "_site") -}}
{{- include "edgemesh.common.begin" . -}}
{{- include "edgemesh.fields" . -}}
{{- include "edgemesh.common.profile" . -}}
{{- include "edgemesh.sections" . -}}
{{- include "edgemesh.rules" (dict "root" . "values" .Values "where" "") -}}
{{- if .Values.agent.cloudNodes }}{{ include "edgemesh.cloudRules" . }}{{ end -}}
{{- include "edgemesh.common.fail" . -}}
{{- include "edgemesh.components" . -}}
{{- include "edgemesh.configs" . -}}
{{- include "edgemesh.warnings" . -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.sections" -}}
{{- include "edgemesh.common.defaults" (dict "at" .Values "values" (dict
  "images" dict
  "crds" dict
  "tests" dict
  "agent" (dict "enable" true "metricsService" dict "serviceAccount" (dict "create" true))
  "gateway" (dict
    "networkPolicy" dict
    "podDisruptionBudget" dict
    "service" dict
    "serviceAccount" (dict "create" true))
  "metaServer" (dict "clientCertificate" (dict "certManager" (dict "issuerRef" dict)))
)) -}}
{{- end -}}

{{- define "edgemesh.tunnel" -}}
{{- $out := dict "found" list -}}
{{- include "edgemesh.common.find" (dict "at" .config "path" (list "modules" "edgeTunnel") "out" $out) -}}
{{- $tunnel := first (append $out.found dict) -}}
{{- if kindIs "map" $tunnel -}}
{{- if and .relayNodes (not $tunnel.relayNodes) }}{{ $_ := set $tunnel "relayNodes" .relayNodes }}{{ end -}}
{{- /* The agent panics when it reloads a file without this section (edgemesh v1.17 pkg/tunnel/tunnel.go:668). */ -}}
{{- if not (hasKey $tunnel "enable") }}{{ $_ := set $tunnel "enable" false }}{{ end -}}
{{- include "edgemesh.common.put" (dict "at" .config "path" (list "modules" "edgeTunnel") "value" $tunnel) -}}
{{- end -}}
{{- end -}}

{{- define "edgemesh.agentConfig" -}}
{{- $config := deepCopy (pick .root.Values.agent "kubeAPIConfig" "commonConfig" "modules") -}}
{{- include "edgemesh.tunnel" (dict "config" $config "relayNodes" .root.Values.agent.relayNodes) -}}
{{- $_ := set .out "config" $config -}}
{{- end -}}

{{- define "edgemesh.configs" -}}
{{- $own := dict -}}
{{- include "edgemesh.agentConfig" (dict "root" . "out" $own) -}}
{{- $agent := $own.config -}}
{{- if .Values.gateway.enable }}{{ include "edgemesh.gatewayConfig" (dict "root" . "agent" $agent) }}{{ end -}}
{{- with .Values.agent.cloudNodes -}}
{{- $cloud := mergeOverwrite (deepCopy $agent) (deepCopy .) -}}
{{- include "edgemesh.common.config" (dict "root" $ "component" "edgemesh-agent" "config" $cloud "name" "edgemesh-agent-cloud.yaml") -}}
{{- end -}}
{{- include "edgemesh.common.config" (dict "root" . "component" "edgemesh-agent" "config" $agent "name" "edgemesh-agent.yaml") -}}
{{- end -}}

{{- define "edgemesh.gatewayConfig" -}}
{{- $values := .root.Values.gateway -}}
{{- $config := deepCopy (pick $values "modules" "pprofConfig") -}}
{{- $api := mergeOverwrite (deepCopy (.agent.kubeAPIConfig | default dict)) (deepCopy ($values.kubeAPIConfig | default dict)) -}}
{{- $_ := set $config "kubeAPIConfig" $api -}}
{{- $relays := ternary ((.agent.modules).edgeTunnel).relayNodes $values.relayNodes (kindIs "invalid" $values.relayNodes) -}}
{{- include "edgemesh.tunnel" (dict "config" $config "relayNodes" $relays) -}}
{{- include "edgemesh.common.config" (dict "root" .root "component" "edgemesh-gateway" "config" $config "name" "edgemesh-gateway.yaml") -}}
{{- end -}}
