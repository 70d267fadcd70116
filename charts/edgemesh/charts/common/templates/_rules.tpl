{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
What only the rules of the charts (_rules.tpl of each chart) call.

  edgemesh.common.shown VALUE                a value as a message shows it
  edgemesh.common.host ADDRESS               the same, an IPv6 address in brackets
  edgemesh.common.place ADDRESS              its host (common.hostOf), with one word for all loopback addresses
  edgemesh.common.twice ports out            find pairs of ports that cannot be open at the same time; out.pairs
*/}}

{{- define "edgemesh.common.shown" -}}
{{- if not (kindIs "invalid" .) }}{{ toString . }}{{ end -}}
{{- end -}}

{{- define "edgemesh.common.host" -}}
{{- $text := include "edgemesh.common.shown" . -}}
{{- if and (contains ":" $text) (not (hasPrefix "[" $text)) }}[{{ $text }}]{{ else }}{{ $text }}{{ end -}}
{{- end -}}

{{- define "edgemesh.common.place" -}}
{{- regexReplaceAll "^(127\\.[0-9.]+|::1)$" (include "edgemesh.common.hostOf" .) "loopback" -}}
{{- end -}}

{{- define "edgemesh.common.twice" -}}
{{- $out := .out -}}
{{- $everywhere := list "" "0.0.0.0" "::" -}}
{{- $open := list -}}{{- $pairs := list -}}
{{- range .ports -}}
{{- $text := include "edgemesh.common.shown" .value -}}
{{- /* The key has a port, or an address with a port. Port 0 means no port, or any free port. */ -}}
{{- $port := regexFind "[0-9]+$" (trimSuffix "/" $text) | int -}}
{{- if and (regexMatch "^(.*:)?[0-9]{1,5}/?$" $text) (ne $port 0) -}}
{{- $host := .host | default "" -}}
{{- if hasKey . "address" -}}
{{- $host = include "edgemesh.common.hostOf" (.address | default $host) -}}
{{- else if and (contains ":" $text) (not (hasKey . "host")) -}}
{{- $host = include "edgemesh.common.hostOf" $text -}}
{{- end -}}
{{- $one := dict "key" .key "port" $port "host" $host "protocol" (.protocol | default "TCP") -}}
{{- range $open -}}
{{- $meet := or (eq .host $host) (has .host $everywhere) (has $host $everywhere) -}}
{{- if and $meet (ne .key $one.key) (eq .port $port) (eq .protocol $one.protocol) -}}
{{- $pairs = append $pairs (dict "port" (toString $port) "one" .key "other" $one.key) -}}
{{- end -}}
{{- end -}}
{{- $open = append $open $one -}}
{{- end -}}
{{- end -}}
{{- $_ := set $out "pairs" $pairs -}}
{{- end -}}
