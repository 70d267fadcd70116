{{/*
  edgecore.init ROOT            prepare the values once; every template calls it first
  edgecore.sections ROOT        restore every section of the values that a null removed
  edgecore.own ROOT, group, out the values of a node group for edgecore.yaml, in out.config; out.where is the
                                prefix of keys in messages, out.name the file. Group "": a site without groups
  edgecore.nodeLabels ROOT, config, labels
                                let the nodes of a group register with the labels that select them
  edgecore.config ROOT, group   build edgecore.yaml of a group
*/}}

{{- define "edgecore.init" -}}
{{- if not (hasKey .Values "_site") -}}
{{- include "edgecore.common.begin" . -}}
{{- include "edgecore.fields" . -}}
{{- include "edgecore.common.profile" . -}}
{{- include "edgecore.sections" . -}}
{{- $_ := set .Values._site "own" dict -}}
{{- range $group := keys (.Values.edgeCore.nodeGroups | default (dict "" dict)) | sortAlpha -}}
{{- $own := dict -}}
{{- include "edgecore.own" (dict "root" $ "group" $group "out" $own) -}}
{{- $_ := set $.Values._site.own (print $group) $own -}}
{{- $edge := merge (pick $.Values.edgeCore "rollout") $own.config -}}
{{- $view := set (omit $.Values "edgeCore" "_site") "edgeCore" $edge -}}
{{- include "edgecore.rules" (dict "root" $ "values" $view "where" $own.where) -}}
{{- end -}}
{{- include "edgecore.ofAllGroups" . -}}
{{- include "edgecore.groupProblems" . -}}
{{- include "edgecore.common.fail" . -}}
{{- include "edgecore.components" . -}}
{{- range $group := keys (.Values.edgeCore.nodeGroups | default (dict "" dict)) | sortAlpha -}}
{{- include "edgecore.config" (dict "root" $ "group" $group) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.sections" -}}
{{- include "edgecore.common.defaults" (dict "at" .Values "values" (dict
  "images" dict
  "certificateCopy" (dict "image" dict)
  "edgeCore" (dict "rollout" (dict "image" dict))
  "metaServer" (dict "serverCertificate" (dict "certManager" (dict "issuerRef" dict)))
)) -}}
{{- end -}}

{{- define "edgecore.own" -}}
{{- $edge := .root.Values.edgeCore -}}
{{- $config := deepCopy (omit $edge "nodeGroups" "rollout" "labels" "annotations") -}}
{{- $_ := set .out "where" "" -}}
{{- $_ := set .out "name" "edgecore.yaml" -}}
{{- if .group -}}
{{- $values := index $edge.nodeGroups .group | default dict -}}
{{- $config = mergeOverwrite $config (deepCopy (omit $values "nodeSelector")) -}}
{{- include "edgecore.nodeLabels" (dict "root" .root "config" $config "labels" $values.nodeSelector) -}}
{{- $_ := set .out "where" (printf "node group %s: " .group) -}}
{{- $_ := set .out "name" (printf "%s.edgecore.yaml" .group) -}}
{{- end -}}
{{- $_ := set .out "config" $config -}}
{{- end -}}

{{- define "edgecore.nodeLabels" -}}
{{- $key := ternary "labels" "nodeLabels" (le (trimPrefix "1." .root.Values._site.kubeedge | int) 11) -}}
{{- range $name, $value := .labels -}}
{{- /* A kubelet may not set the labels of Kubernetes. */ -}}
{{- if not (regexMatch "(^|\\.)(kubernetes|k8s)\\.io/" $name) -}}
{{- $edged := dict $key (dict $name $value) -}}
{{- include "edgecore.common.defaults" (dict "at" $.config "values" (dict "modules" (dict "edged" $edged))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.config" -}}
{{- $root := .root -}}
{{- $own := get $root.Values._site.own .group -}}
{{- /* The file is complete: keadm reads it without defaults and would write zeros for missing fields. */ -}}
{{- if not (hasKey $root.Values._site "defaults") -}}
{{- $file := printf "files/defaults/%s.json" $root.Values._site.kubeedge -}}
{{- $_ := set $root.Values._site "defaults" ($root.Files.Get $file | fromJson) -}}
{{- end -}}
{{- $defaults := $root.Values._site.defaults -}}
{{- if .group }}{{ $defaults = deepCopy $defaults }}{{ end -}}
{{- /* Before the merge: the defaults have many more sections, none of them empty. */ -}}
{{- include "edgecore.common.prune" $own.config -}}
{{- with ($root.Values.images | default dict).registry -}}
{{- $edged := $defaults.modules.edged -}}
{{- $_ := set $edged "podSandboxImage" (printf "%s/%s" (trimSuffix "/" .) $edged.podSandboxImage) -}}
{{- end -}}
{{- $config := mergeOverwrite $defaults $own.config -}}
{{- include "edgecore.common.config" (dict "root" $root "component" "edgecore" "config" $config "name" $own.name) -}}
{{- end -}}
