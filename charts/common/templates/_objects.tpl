{{/*
Objects that look the same in every chart.

  common.serviceAccount root component name
                          a ServiceAccount, with the annotations from the values of the component
  common.binding root kind role account
                          roleRef and subjects of a RoleBinding or ClusterRoleBinding
  common.certificate CERTMANAGER
                          lifetime, key and issuer of a cert-manager Certificate; CERTMANAGER is the
                          section of the values
*/}}

{{- define "common.serviceAccount" -}}
{{- $values := (get .root.Values._site.components .component).values -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "common.metadata" (merge (dict "annotations" $values.serviceAccount.annotations) .) | nindent 2 }}
{{- end -}}

{{- define "common.binding" -}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .role | quote }}
subjects:
- kind: ServiceAccount
  name: {{ .account | quote }}
  namespace: {{ .root.Release.Namespace }}
{{- end -}}

{{- define "common.certificate" -}}
duration: {{ .duration | quote }}
renewBefore: {{ .renewBefore | quote }}
privateKey:
  algorithm: ECDSA
  size: 256
  rotationPolicy: Always
issuerRef:
  name: {{ .issuerRef.name | quote }}
  kind: {{ .issuerRef.kind | quote }}
  group: {{ .issuerRef.group | quote }}
{{- end -}}
