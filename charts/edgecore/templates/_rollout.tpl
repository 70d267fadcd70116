{{/*
The DaemonSets that bring edgecore.yaml to the nodes, one for each node group.

  edgecore.rolloutName ROOT, group
                                name of the DaemonSet of a group
  edgecore.rolloutTerms ROOT, group, out
                                node selector terms that choose the nodes of a group, in out.terms
  edgecore.product one other out
                                terms that are true if a term of each list is true; out.terms
  edgecore.rolloutAffinity ROOT, group, out
                                affinity of the pods of a group, in out.affinity: no second group's pod on the
                                same node
  edgecore.rolloutContainer ROOT, of, checksum, scripts, files, command
                                a container that runs rollout.sh
  edgecore.rolloutScripts ROOT  the texts of the files with SCRIPTS_CHECKSUM
  edgecore.rolloutDefaults ROOT the file `defaults`: edgecore.yaml as it is by default
  edgecore.rolloutFiles ROOT    the value of FILES: the certificate files, if the rollout copies them
*/}}

{{- define "edgecore.rolloutName" -}}
{{- $name := list (include "edgecore.fullname" .root) "rollout" .group | compact | join "-" -}}
{{- /* At most 63 characters, since events and other tools use the name as a label. */ -}}
{{- if gt (len $name) 63 }}{{ printf "%s-%s" (trunc 54 $name | trimSuffix "-") (sha256sum $name | trunc 8) }}{{ else }}{{ $name }}{{ end -}}
{{- end -}}

{{- define "edgecore.product" -}}
{{- $terms := list -}}
{{- range $one := .one -}}
{{- range $other := $.other -}}
{{- $terms = append $terms (dict "matchExpressions" (concat $one.matchExpressions $other.matchExpressions | uniq)) -}}
{{- end -}}
{{- end -}}
{{- $_ := set .out "terms" $terms -}}
{{- end -}}

{{- define "edgecore.rolloutTerms" -}}
{{- $groups := .root.Values.edgeCore.nodeGroups | default dict -}}
{{- $own := (get $groups .group | default dict).nodeSelector | default dict -}}
{{- $edge := dict "key" "node-role.kubernetes.io/edge" "operator" "Exists" -}}
{{- $expressions := list $edge -}}
{{- range $name, $value := $own -}}
{{- $expressions = append $expressions (dict "key" $name "operator" "In" "values" (list (toString $value))) -}}
{{- end -}}
{{- $out := .out -}}
{{- $_ := set $out "terms" (list (dict "matchExpressions" $expressions)) -}}
{{- if and .group (not $own) -}}
{{- /* The nodes of no other group. Groups with one label need one expression for each label name. */ -}}
{{- $taken := dict -}}
{{- range $name := keys $groups | sortAlpha -}}
{{- $selector := (index $groups $name | default dict).nodeSelector | default dict -}}
{{- if eq (len $selector) 1 -}}
{{- range $label, $value := $selector }}{{ $_ := set $taken $label (append (get $taken $label | default list) (toString $value)) }}{{ end -}}
{{- else if $selector -}}
{{- $any := list -}}
{{- range $label, $value := $selector -}}
{{- $any = append $any (dict "matchExpressions" (list (dict "key" $label "operator" "NotIn" "values" (list (toString $value))))) -}}
{{- end -}}
{{- include "edgecore.product" (dict "one" $out.terms "other" $any "out" $out) -}}
{{- end -}}
{{- end -}}
{{- range $label, $values := $taken -}}
{{- $term := dict "matchExpressions" (list (dict "key" $label "operator" "NotIn" "values" $values)) -}}
{{- include "edgecore.product" (dict "one" $out.terms "other" (list $term) "out" $out) -}}
{{- end -}}
{{- end -}}
{{- with (((.root.Values.edgeCore.rollout.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution).nodeSelectorTerms -}}
{{- include "edgecore.product" (dict "one" $out.terms "other" . "out" $out) -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.rolloutAffinity" -}}
{{- $out := dict -}}
{{- include "edgecore.rolloutTerms" (dict "root" .root "group" .group "out" $out) -}}
{{- $terms := $out.terms -}}
{{- $affinity := deepCopy (.root.Values.edgeCore.rollout.affinity | default dict) -}}
{{- $required := dict "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" $terms) -}}
{{- $_ := set $affinity "nodeAffinity" (mergeOverwrite ($affinity.nodeAffinity | default dict) $required) -}}
{{- if .group -}}
{{- /* If labels put a node into two groups, the second pod stays pending; status shows it. */ -}}
{{- $others := dict "labelSelector" (dict
  "matchLabels" (dict "app.kubernetes.io/instance" .root.Release.Name "kubeedge" "edgecore-rollout")
  "matchExpressions" (list (dict "key" "kubeedge.io/node-group" "operator" "NotIn" "values" (list .group))))
  "topologyKey" "kubernetes.io/hostname" -}}
{{- $apart := $affinity.podAntiAffinity | default dict -}}
{{- $list := append ($apart.requiredDuringSchedulingIgnoredDuringExecution | default list) $others -}}
{{- $_ := set $affinity "podAntiAffinity" (set $apart "requiredDuringSchedulingIgnoredDuringExecution" $list) -}}
{{- end -}}
{{- $_ := set .out "affinity" $affinity -}}
{{- end -}}

{{- define "edgecore.rolloutFiles" -}}
{{- if and (include "edgecore.copies" .) (not (include "edgecore.copiesOnly" .)) -}}
{{- $pairs := list -}}
{{- range $name, $path := include "edgecore.copyFiles" . | fromYaml }}{{ $pairs = append $pairs (printf "%s=%s" $name $path) }}{{ end -}}
{{- join " " $pairs -}}
{{- end -}}
{{- end -}}

{{- define "edgecore.rolloutScripts" -}}
{{- .Files.Get "node/update.sh" }}{{ include "edgecore.rolloutDefaults" . }}{{ "\n" -}}
{{- end -}}

{{- define "edgecore.rolloutDefaults" -}}
{{- .Files.Get (printf "files/defaults/%s.json" .Values._site.kubeedge) | fromJson | toYaml -}}
{{- end -}}

{{- define "edgecore.rolloutContainer" -}}
{{- $rollout := .root.Values.edgeCore.rollout -}}
image: {{ include "edgecore.common.image" .of | quote }}
imagePullPolicy: {{ include "edgecore.common.pullPolicy" .of }}
command: [sh, /scripts/rollout.sh, {{ .command }}]
env:
- name: CHECKSUM
  value: {{ .checksum | quote }}
- name: SCRIPTS_CHECKSUM
  value: {{ .scripts | quote }}
{{- range $name, $path := dict "GENERATION" "metadata.labels['pod-template-generation']" "POD_UID" "metadata.uid" "POD_NAME" "metadata.name" "POD_NAMESPACE" "metadata.namespace" "NODE_NAME" "spec.nodeName" }}
- name: {{ $name }}
  valueFrom:
    fieldRef:
      apiVersion: v1
      fieldPath: {{ $path }}
{{- end }}
- name: HEALTH_TIMEOUT
  value: {{ $rollout.healthTimeout | quote }}
- name: RESTART_COMMAND
  value: {{ $rollout.restartCommand | quote }}
- name: NODE_KEYS
  value: {{ $rollout.nodeKeys | default list | join " " | quote }}
{{- with .files }}
- name: FILES
  value: {{ . | quote }}
- name: INTERVAL
  value: {{ $.root.Values.certificateCopy.interval | quote }}
{{- end }}
{{- with $rollout.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- with $rollout.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $rollout.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
- name: wanted
  mountPath: /wanted
  readOnly: true
- name: scripts
  mountPath: /scripts
  readOnly: true
- name: node
  mountPath: /node
{{- if .files }}
- name: certificates
  mountPath: /certificates
  readOnly: true
{{- end }}
{{- with $rollout.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}
