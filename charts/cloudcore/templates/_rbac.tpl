{{/*
Who may do what in the cluster. `generator charts` writes it into files/releases/ from generator/tables/roles.yaml.

  cloudcore.rbacRules ROOT, role     rules of a role for the release and the features in use
  cloudcore.clusterRole root name rules
                                     a cluster role of cloudcore, and its binding
  cloudcore.feature ROOT, feature    "true" when the feature is on
*/}}

{{- define "cloudcore.rbacRules" -}}
{{- $root := first . -}}
{{- range get $root.Values._site.releases.kubeedge.roles (last .) -}}
{{- if or (not .feature) (eq (include "cloudcore.feature" (list $root .feature)) "true") }}
{{ .rules }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "cloudcore.clusterRole" -}}
{{- /* Each role has its own binding; they are not aggregated. If an aggregated role and its parts are deleted together,
Kubernetes creates the role again, and the next installation fails. */ -}}
{{- $metadata := include "cloudcore.common.metadata" (merge (dict "component" "cloudcore" "cluster" true) .) -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  {{- $metadata | nindent 2 }}
rules:
{{- .rules }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  {{- $metadata | nindent 2 }}
{{ include "cloudcore.common.binding" (dict "root" .root "kind" "ClusterRole" "role" .name "account" "cloudcore") }}
{{- end -}}

{{- define "cloudcore.feature" -}}
{{- $config := index (first .).Values._site.configs "cloudcore.yaml" -}}
{{- $modules := $config.modules -}}
{{- $tasks := or ($modules.taskManager).enable ($modules.nodeUpgradeJobController).enable -}}
{{- $authorization := ($modules.cloudHub).authorization | default dict -}}
{{- /* With debug, the default, cloudHub only logs what it would deny. */ -}}
{{- $impersonates := and $authorization.enable (eq (toString $authorization.debug) "false") -}}
{{- $on := dict
  "gate" ($config.featureGates).requireAuthorization
  "endpoint" ($modules.dynamicController).enable
  "tasks" $tasks
  "authorization" $authorization.enable
  "impersonation" $impersonates -}}
{{- not (empty (get $on (last .))) -}}
{{- end -}}
