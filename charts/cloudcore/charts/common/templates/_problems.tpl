{{/* Copied from charts/common/ by `generator charts`. */}}
{{/*
Problems in the values. A problem is a dict: `where` (prefix of the key in the message), `key`, `says`, `code`.

  cloudcore.common.problem out key says code  append a problem to out.problems
  cloudcore.common.fail ROOT                  stop with all problems in one message
  cloudcore.common.warnings ROOT              the warnings, one per line, for NOTES.txt
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
