{{/*
  edgecore.configs ROOT            build edgecore.yaml, once for every node group
  edgecore.sections ROOT        give every section of the values back that a user took away with null
  edgecore.config ROOT, group   build that of one group ("" where the site has no groups)
*/}}

{{- define "edgecore.configs" -}}
{{- include "edgecore.sections" . -}}
{{- range $group := keys (.Values.edgeCore.nodeGroups | default dict) | sortAlpha -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" $group) -}}
{{- $text := printf "edgeCore.nodeGroups.%s: must be named with lower case letters, digits and -, at most 63" $group -}}
{{- $_ := set $.Values._site "problems" (append $.Values._site.problems $text) -}}
{{- end -}}
{{- end -}}
{{- range $group := keys (.Values.edgeCore.nodeGroups | default (dict "" dict)) | sortAlpha -}}
{{- include "edgecore.config" (dict "root" $ "group" $group) -}}
{{- end -}}
{{- include "edgecore.components" . -}}
{{- end -}}

{{- define "edgecore.sections" -}}
{{- range $path := list
  "images" "certificateCopy" "certificateCopy.image" "metaServer.serverCertificate"
  "metaServer.serverCertificate.certManager" "metaServer.serverCertificate.certManager.issuerRef" -}}
{{- $out := dict "found" list -}}
{{- include "edgecore.site.find" (dict "at" $.Values "path" (splitList "." $path) "out" $out) -}}
{{- if not $out.found }}{{ include "edgecore.site.put" (dict "at" $.Values "path" (splitList "." $path) "value" dict) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.config" -}}
{{- $root := .root -}}
{{- $edge := deepCopy (omit $root.Values.edgeCore "nodeGroups" "labels" "annotations") -}}
{{- $where := "" -}}{{- $prefix := "edgeCore" -}}{{- $name := "edgecore.yaml" -}}
{{- if .group -}}
{{- $edge = mergeOverwrite $edge (deepCopy (index $root.Values.edgeCore.nodeGroups .group | default dict)) -}}
{{- $where = printf "node group %s: " .group -}}
{{- $prefix = printf "edgeCore.nodeGroups.%s" .group -}}
{{- $name = printf "%s.edgecore.yaml" .group -}}
{{- end -}}
{{- $view := set (omit $root.Values "edgeCore" "_site") "edgeCore" $edge -}}
{{- include "edgecore.site.rules" (dict "root" $root "values" $view "where" $where) -}}
{{- /* The file is complete: keadm loads it without defaults and would write zeros for what it lacks. */ -}}
{{- $defaults := $root.Files.Get (printf "files/defaults/%s.yaml" $root.Values._site.kubeedge) | fromYaml -}}
{{- with ($root.Values.images | default dict).registry -}}
{{- $edged := $defaults.modules.edged -}}
{{- $_ := set $edged "podSandboxImage" (printf "%s/%s" (trimSuffix "/" .) $edged.podSandboxImage) -}}
{{- end -}}
{{- $config := mergeOverwrite $defaults $edge -}}
{{- include "edgecore.site.config" (dict "root" $root "component" "edgecore" "config" $config "prefix" $prefix "name" $name) -}}
{{- end -}}
