{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
Problems in the values. A problem is a dict: `where` (prefix of the key in the message), `key`, `says`, `code`.

  cloudcore.common.problem out key says code  append a problem to out.problems
  cloudcore.common.fail ROOT                  stop with all problems in one message
  cloudcore.common.warnings ROOT              the warnings, one per line, for NOTES.txt
  cloudcore.common.shown VALUE                a value as a message shows it
  cloudcore.common.host ADDRESS               the same, an IPv6 address in brackets
  cloudcore.common.hostOf ADDRESS             the host of a URL, of host:port, or of a host alone
  cloudcore.common.place ADDRESS              the same, with one word for all loopback addresses
  cloudcore.common.twice ports out            find pairs of ports that cannot be open at the same time; out.pairs
*/}}

{{- define "cloudcore.common.problem" -}}
{{- $problem := dict "where" "" "key" .key "says" .says "code" .code -}}
{{- $_ := set .out "problems" (append .out.problems $problem) -}}
{{- end -}}

{{- define "cloudcore.common.fail" -}}
{{- $lines := list -}}
{{- range .Values._site.problems -}}
{{- $lines = append $lines (printf "%s%s: %s [%s]" .where .key .says .code) | uniq -}}
{{- end -}}
{{- if $lines -}}
{{- fail (printf "%d problem(s) in the values of chart %s:\n%s\n" (len $lines) .Chart.Name (join "\n" $lines)) -}}
{{- end -}}
{{- end -}}

{{- define "cloudcore.common.warnings" -}}
{{- $lines := list -}}
{{- range .Values._site.warnings -}}
{{- $lines = append $lines (printf "- %s%s: %s [%s]" .where .key .says .code) | uniq -}}
{{- end -}}
{{- join "\n" $lines -}}
{{- end -}}

{{- define "cloudcore.common.shown" -}}
{{- if not (kindIs "invalid" .) }}{{ toString . }}{{ end -}}
{{- end -}}

{{- define "cloudcore.common.host" -}}
{{- $text := include "cloudcore.common.shown" . -}}
{{- if and (contains ":" $text) (not (hasPrefix "[" $text)) }}[{{ $text }}]{{ else }}{{ $text }}{{ end -}}
{{- end -}}

{{- define "cloudcore.common.hostOf" -}}
{{- $text := regexReplaceAll "^[a-z]+://" (toString .) "" -}}
{{- $text = regexReplaceAll "^(\\[.*\\]|[^:]*):[0-9]+/?$" $text "${1}" | trimAll "[]" | lower -}}
{{- ternary "127.0.0.1" $text (eq $text "localhost") -}}
{{- end -}}

{{- define "cloudcore.common.place" -}}
{{- regexReplaceAll "^(127\\.[0-9.]+|::1)$" (include "cloudcore.common.hostOf" .) "loopback" -}}
{{- end -}}

{{- define "cloudcore.common.twice" -}}
{{- $out := .out -}}
{{- $everywhere := list "" "0.0.0.0" "::" -}}
{{- $open := list -}}{{- $pairs := list -}}
{{- range .ports -}}
{{- $text := include "cloudcore.common.shown" .value -}}
{{- /* The key has a port, or an address with a port. Port 0 means no port, or any free port. */ -}}
{{- $port := regexFind "[0-9]+$" (trimSuffix "/" $text) | int -}}
{{- if and (regexMatch "^(.*:)?[0-9]{1,5}/?$" $text) (ne $port 0) -}}
{{- $host := .host | default "" -}}
{{- if hasKey . "address" -}}
{{- $host = include "cloudcore.common.hostOf" (.address | default $host) -}}
{{- else if and (contains ":" $text) (not (hasKey . "host")) -}}
{{- $host = include "cloudcore.common.hostOf" $text -}}
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
