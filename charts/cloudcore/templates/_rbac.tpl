{{/*
Who may do what in the cluster: one table, read off the calls in the programs' sources
(kubeedge v1.8.2, v1.10.0, v1.12.7, v1.13.5, v1.20.0, v1.23.1) and seen by running v1.23.1.

  cloudcore.rbacRules ROOT, role     rules of a role for the release and the features in use
  cloudcore.clusterRole root name rules
                                     a cluster role of cloudcore, and its binding
  cloudcore.feature ROOT, feature    "true" when the feature is on
  cloudcore.rbac                   the table: by role, rows of group, resources, verbs, names and
                                     the span of releases (from, to) and the feature they hold for
*/}}

{{- define "cloudcore.rbacRules" -}}
{{- $root := first . -}}
{{- $site := $root.Values._site -}}
{{- if not $site.rbac }}{{ $_ := set $site "rbac" (include "cloudcore.rbac" $root | fromYaml) }}{{ end -}}
{{- range get $site.rbac (last .) -}}
{{- $out := dict "ok" (or (not .feature) (eq (include "cloudcore.feature" (list $root .feature)) "true")) -}}
{{- include "cloudcore.common.within" (dict "span" (pick . "from" "to") "minor" $site.kubeedge "out" $out) -}}
{{- if $out.ok }}
- apiGroups: [{{ .group | quote }}]
  resources: [{{ join ", " .resources }}]
  verbs: [{{ join ", " .verbs }}]
  {{- with .names }}
  resourceNames: [{{ join ", " . }}]
  {{- end }}
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

{{- define "cloudcore.rbac" }}
cloudcore-common:
- {group: "", resources: [nodes], verbs: [get, list, watch, create, update, patch]}
- {group: "", resources: [nodes/status], verbs: [update, patch]}
- {group: "", resources: [pods], verbs: [get, list, watch, delete]}
- {group: "", resources: [pods], verbs: [create], from: "1.15"}
- {group: "", resources: [pods/status], verbs: [update, patch]}
# Edge pods may mount any of them, so reading is cluster-wide; writing is not, see role cloudcore.
- {group: "", resources: [configmaps, secrets], verbs: [get, list, watch]}
# Up to 1.15 the device profile of a node is a ConfigMap in the device's namespace.
- {group: "", resources: [configmaps], verbs: [create, update, delete], to: "1.15"}
- {group: "", resources: [services, endpoints], verbs: [get, list, watch], to: "1.12"}
- {group: "", resources: [serviceaccounts/token], verbs: [create]}
- {group: "", resources: [persistentvolumes, persistentvolumeclaims], verbs: [get]}
- {group: storage.k8s.io, resources: [volumeattachments], verbs: [get]}
- {group: "", resources: [namespaces], verbs: [get], names: [kubeedge]}
- {group: "", resources: [events], verbs: [create, update, patch], from: "1.19"}
- {group: coordination.k8s.io, resources: [leases], verbs: [get, list, watch, create, update], from: "1.12"}
# Edge nodes request the certificate of their endpoint through cloudcore.
- {group: certificates.k8s.io, resources: [certificatesigningrequests], verbs: [get, create], from: "1.17"}
- {group: devices.kubeedge.io, resources: [devices, devicemodels], verbs: [get, list, watch]}
- {group: devices.kubeedge.io, resources: [devices], verbs: [patch], to: "1.22"}
- {group: devices.kubeedge.io, resources: [devicestatuses], verbs: [get, list, watch, create, patch], from: "1.23"}
- {group: devices.kubeedge.io, resources: [devices/finalizers], verbs: [update], from: "1.23"}
- {group: reliablesyncs.kubeedge.io, resources: [objectsyncs, clusterobjectsyncs], verbs: [get, list, watch, create, delete]}
- {group: reliablesyncs.kubeedge.io, resources: [objectsyncs/status, clusterobjectsyncs/status], verbs: [update]}
- {group: rules.kubeedge.io, resources: [rules, ruleendpoints], verbs: [get, list, watch]}
- {group: rules.kubeedge.io, resources: [rules], verbs: [patch]}
- {group: operations.kubeedge.io, resources: [nodeupgradejobs], verbs: [get, list, watch], from: "1.12", to: "1.20", feature: tasks}
- {group: operations.kubeedge.io, resources: [imageprepulljobs], verbs: [get, list, watch], from: "1.16", to: "1.20", feature: tasks}
# From 1.21 on cloudcore watches them even if taskManager is off.
- {group: operations.kubeedge.io, resources: [nodeupgradejobs, imageprepulljobs, configupdatejobs], verbs: [get, list, watch], from: "1.21"}
- {group: operations.kubeedge.io, resources: [nodeupgradejobs/status, imageprepulljobs/status, configupdatejobs/status], verbs: [update, patch], from: "1.12", feature: tasks}
- {group: "", resources: [persistentvolumes], verbs: [list, watch], feature: authorization}
- {group: storage.k8s.io, resources: [volumeattachments], verbs: [list, watch], feature: authorization}
- {group: authorization.k8s.io, resources: [subjectaccessreviews], verbs: [create], feature: impersonation}
- {group: "", resources: [users, groups], verbs: [impersonate], feature: impersonation}
cloudcore-feature:
# get is needed too: from 1.21 on the policy controller reads without its cache, and without get every
# token is answered with 401 or 403.
- {group: "", resources: [serviceaccounts], verbs: [get, list, watch], from: "1.14"}
- {group: policy.kubeedge.io, resources: [serviceaccountaccesses], verbs: [get, list, watch, create, update, delete], from: "1.14"}
- {group: policy.kubeedge.io, resources: [serviceaccountaccesses/status], verbs: [update], from: "1.14"}
- {group: rbac.authorization.k8s.io, resources: [roles, rolebindings, clusterroles, clusterrolebindings], verbs: [get, list, watch], from: "1.14"}
- {group: certificates.k8s.io, resources: [certificatesigningrequests], verbs: [list, watch], from: "1.17"}
- {group: certificates.k8s.io, resources: [certificatesigningrequests/approval], verbs: [update], from: "1.17"}
- {group: certificates.k8s.io, resources: [signers], verbs: [approve], names: [kubernetes.io/kubelet-serving], from: "1.17"}
# One watch of a type that is missing here blocks the endpoint of every edge node.
cloudcore-endpoint:
- {group: "", resources: [services, endpoints, namespaces], verbs: [get, list, watch]}
- {group: discovery.k8s.io, resources: [endpointslices], verbs: [get, list, watch]}
- {group: networking.istio.io, resources: ["'*'"], verbs: [get, list, watch]}
cloudcore:
# The certificates and the join token; cloudcore writes them at every start.
- {group: "", resources: [secrets], verbs: [create]}
- {group: "", resources: [secrets], verbs: [update], names: [casecret, cloudcoresecret, tokensecret]}
# Without its own ConfigMap: cloudcore would write its defaults into it.
- {group: "", resources: [configmaps], verbs: [create]}
- {group: "", resources: [configmaps], verbs: [update], names: [tunnelport]}
iptables-manager:
- {group: "", resources: [configmaps, pods], verbs: [list, watch]}
iptables-manager-record:
- {group: "", resources: [configmaps], verbs: [get, update], names: [tunnelport]}
controller-manager:
- {group: apps.kubeedge.io, resources: [nodegroups, edgeapplications], verbs: [get, list, watch, update, patch]}
- {group: apps.kubeedge.io, resources: [nodegroups/status, edgeapplications/status], verbs: [update, patch]}
- {group: apps.kubeedge.io, resources: [edgeapplications/finalizers], verbs: [update]}
- {group: "", resources: [nodes], verbs: [get, list, watch, update, patch]}
- {group: "", resources: [pods], verbs: [get, list, watch, delete]}
# Types of edge applications.
- {group: apps, resources: [deployments], verbs: [get, list, watch, create, update, patch, delete]}
- {group: "", resources: [services], verbs: [get, list, watch, create, update, patch, delete]}
- {group: operations.kubeedge.io, resources: [nodeupgradejobs, imageprepulljobs, configupdatejobs], verbs: [get, list, watch, update, patch], from: "1.21"}
- {group: operations.kubeedge.io, resources: [nodeupgradejobs/status, imageprepulljobs/status, configupdatejobs/status], verbs: [update, patch], from: "1.21"}
kubeedge-admission:
- {group: admissionregistration.k8s.io, resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations], verbs: [get, create, update]}
- {group: rules.kubeedge.io, resources: [rules, ruleendpoints], verbs: [get, list]}
{{- end }}
