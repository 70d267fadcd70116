{{/*
Checks that are not generated rules.

  edgemesh.fields ROOT            check the configs in the values against the field tables
  edgemesh.cloudRules ROOT        check the rules for the config of cloud nodes
  edgemesh.warnings ROOT          warnings that need the release name
*/}}

{{- define "edgemesh.fields" -}}
{{- $agent := .Values.agent | default dict -}}
{{- $given := pick $agent "kubeAPIConfig" "commonConfig" "modules" -}}
{{- include "edgemesh.common.fields" (dict "root" . "component" "edgemesh-agent" "value" $given "key" "agent") -}}
{{- with $agent.cloudNodes -}}
{{- include "edgemesh.common.fields" (dict "root" $ "component" "edgemesh-agent" "value" . "key" "agent.cloudNodes") -}}
{{- end -}}
{{- $given := pick (.Values.gateway | default dict) "kubeAPIConfig" "modules" "pprofConfig" -}}
{{- include "edgemesh.common.fields" (dict "root" . "component" "edgemesh-gateway" "value" $given "key" "gateway") -}}
{{- end -}}

{{- define "edgemesh.cloudRules" -}}
{{- $site := .Values._site -}}
{{- $known := $site.problems -}}{{- $warnings := $site.warnings -}}
{{- $own := dict -}}
{{- include "edgemesh.agentConfig" (dict "root" . "out" $own) -}}
{{- $agent := deepCopy (omit .Values.agent "cloudNodes" "relayNodes") -}}
{{- $agent = mergeOverwrite $agent $own.config (deepCopy .Values.agent.cloudNodes) -}}
{{- $view := mergeOverwrite (deepCopy (omit .Values "agent" "_site")) (dict "agent" $agent) -}}
{{- $_ := set $site "problems" list -}}
{{- include "edgemesh.rules" (dict "root" . "values" $view "where" "") -}}
{{- $new := list -}}
{{- range $site.problems -}}
{{- if not (has . $known) -}}
{{- $key := regexReplaceAll "^agent\\." .key "agent.cloudNodes." -}}
{{- $new = append $new (set . "key" $key) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $site "problems" (concat $known $new) -}}
{{- /* Warnings concern edge nodes only, so those of cloud nodes are dropped. */ -}}
{{- $_ := set $site "warnings" $warnings -}}
{{- end -}}

{{- define "edgemesh.warnings" -}}
{{- $site := .Values._site -}}
{{- $name := include "edgemesh.name" (dict "root" . "suffix" "agent") -}}
{{- $proxy := (index $site.configs "edgemesh-agent.yaml").modules.edgeProxy | default dict -}}
{{- /* The proxy connects to a pod of that name on the other node (edgemesh v1.17 pkg/proxy/socks5_proxy.go). */ -}}
{{- if and ($proxy.socks5Proxy | default dict).enable (not (contains "edgemesh-agent" $name)) -}}
{{- $says := printf "the proxy finds other nodes by pods called edgemesh-agent, here they are called %s (install as release edgemesh, or set fullnameOverride=edgemesh)" $name -}}
{{- $warning := dict "where" "" "key" "agent.modules.edgeProxy.socks5Proxy.enable" "says" $says "code" "socks5-pod-name" -}}
{{- $_ := set $site "warnings" (append $site.warnings $warning) -}}
{{- end -}}
{{- end -}}
