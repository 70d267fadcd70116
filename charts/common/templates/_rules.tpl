{{/*
What only the rules of the charts (_rules.tpl of each chart) call.

  common.shown VALUE                a value as a message shows it
  common.host ADDRESS               the same, an IPv6 address in brackets
  common.place ADDRESS              its host (common.hostOf), with one word for all loopback addresses
  common.twice ports out            find pairs of ports that cannot be open at the same time; out.pairs
*/}}

{{- define "common.shown" -}}
{{- if not (kindIs "invalid" .) }}{{ toString . }}{{ end -}}
{{- end -}}

{{- define "common.host" -}}
{{- $text := include "common.shown" . -}}
{{- if and (contains ":" $text) (not (hasPrefix "[" $text)) }}[{{ $text }}]{{ else }}{{ $text }}{{ end -}}
{{- end -}}

{{- define "common.place" -}}
{{- regexReplaceAll "^(127\\.[0-9.]+|::1)$" (include "common.hostOf" .) "loopback" -}}
{{- end -}}

{{- define "common.twice" -}}
{{- $out := .out -}}
{{- $everywhere := list "" "0.0.0.0" "::" -}}
{{- $open := list -}}{{- $pairs := list -}}
{{- range .ports -}}
{{- $text := include "common.shown" .value -}}
{{- /* The key has a port, or an address with a port. Port 0 means no port, or any free port. */ -}}
{{- $port := regexFind "[0-9]+$" (trimSuffix "/" $text) | int -}}
{{- if and (regexMatch "^(.*:)?[0-9]{1,5}/?$" $text) (ne $port 0) -}}
{{- $host := .host | default "" -}}
{{- if hasKey . "address" -}}
{{- $host = include "common.hostOf" (.address | default $host) -}}
{{- else if and (contains ":" $text) (not (hasKey . "host")) -}}
{{- $host = include "common.hostOf" $text -}}
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
