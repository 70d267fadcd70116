{{/*
  edgecore.init ROOT            prepare the values once; every template calls it first
  edgecore.sections ROOT        restore every section of the values that a null removed
  edgecore.fields ROOT          check edgeCore and its node groups against the field table
  edgecore.own ROOT, group, out the values of a node group for edgecore.yaml, in out.config; out.where is the
                                prefix of keys in messages, out.name the file. Group "": a site without groups
  edgecore.config ROOT, group   build edgecore.yaml of a group
*/}}

{{- define "edgecore.init" -}}
{{- if not (hasKey .Values "_site") -}}
{{- include "edgecore.common.begin" . -}}
{{- include "edgecore.fields" . -}}
{{- include "edgecore.common.profile" . -}}
{{- include "edgecore.sections" . -}}
{{- range $group := keys (.Values.edgeCore.nodeGroups | default (dict "" dict)) | sortAlpha -}}
{{- $own := dict -}}
{{- include "edgecore.own" (dict "root" $ "group" $group "out" $own) -}}
{{- $view := set (omit $.Values "edgeCore" "_site") "edgeCore" $own.config -}}
{{- include "edgecore.rules" (dict "root" $ "values" $view "where" $own.where) -}}
{{- end -}}
{{- include "edgecore.common.fail" . -}}
{{- include "edgecore.components" . -}}
{{- range $group := keys (.Values.edgeCore.nodeGroups | default (dict "" dict)) | sortAlpha -}}
{{- include "edgecore.config" (dict "root" $ "group" $group) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.fields" -}}
{{- $given := omit (.Values.edgeCore | default dict) "nodeGroups" "labels" "annotations" -}}
{{- include "edgecore.common.fields" (dict "root" . "component" "edgecore" "value" $given "key" "edgeCore") -}}
{{- range $group, $values := (.Values.edgeCore).nodeGroups -}}
{{- $key := printf "edgeCore.nodeGroups.%s" $group -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" $group) -}}
{{- $says := "must be named with lower case letters, digits and -, at most 63" -}}
{{- include "edgecore.common.problem" (dict "out" $.Values._site "key" $key "says" $says "code" "node-group-name") -}}
{{- end -}}
{{- include "edgecore.common.fields" (dict "root" $ "component" "edgecore" "value" ($values | default dict) "key" $key) -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.sections" -}}
{{- range $path := list
  "images" "certificateCopy" "certificateCopy.image" "metaServer.serverCertificate"
  "metaServer.serverCertificate.certManager" "metaServer.serverCertificate.certManager.issuerRef" -}}
{{- include "edgecore.common.default" (dict "at" $.Values "path" (splitList "." $path) "value" dict) -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.own" -}}
{{- $edge := .root.Values.edgeCore -}}
{{- $config := deepCopy (omit $edge "nodeGroups" "labels" "annotations") -}}
{{- $_ := set .out "where" "" -}}
{{- $_ := set .out "name" "edgecore.yaml" -}}
{{- if .group -}}
{{- $config = mergeOverwrite $config (deepCopy (index $edge.nodeGroups .group | default dict)) -}}
{{- $_ := set .out "where" (printf "node group %s: " .group) -}}
{{- $_ := set .out "name" (printf "%s.edgecore.yaml" .group) -}}
{{- end -}}
{{- $_ := set .out "config" $config -}}
{{- end -}}

{{- define "edgecore.config" -}}
{{- $root := .root -}}
{{- $own := dict -}}
{{- include "edgecore.own" (dict "root" $root "group" .group "out" $own) -}}
{{- /* The file is complete: keadm reads it without defaults and would write zeros for missing fields. */ -}}
{{- $defaults := $root.Files.Get (printf "files/defaults/%s.yaml" $root.Values._site.kubeedge) | fromYaml -}}
{{- with ($root.Values.images | default dict).registry -}}
{{- $edged := $defaults.modules.edged -}}
{{- $_ := set $edged "podSandboxImage" (printf "%s/%s" (trimSuffix "/" .) $edged.podSandboxImage) -}}
{{- end -}}
{{- $config := mergeOverwrite $defaults $own.config -}}
{{- include "edgecore.common.config" (dict "root" $root "component" "edgecore" "config" $config "name" $own.name) -}}
{{- end -}}
