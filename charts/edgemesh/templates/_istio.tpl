{{/*
  edgemesh.istio ROOT, kind, plural, short
                                          an Istio definition, with a schema that lets everything through
EdgeMesh reads v1alpha3. The other versions are those that Istio serves, and v1 is the one it
stores, so that Istio can take the definition over, and give it back.
*/}}

{{- define "edgemesh.istio" -}}
{{- $root := .root -}}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {{ .plural }}.networking.istio.io
  labels:
    {{- include "edgemesh.labels" (dict "root" $root "component" "edgemesh-crds") | nindent 4 }}
  annotations:
    {{- with $root.Values.crds.annotations }}
    {{- toYaml (omit . "helm.sh/resource-policy") | nindent 4 }}
    {{- end }}
    helm.sh/resource-policy: keep
spec:
  group: networking.istio.io
  names:
    kind: {{ .kind }}
    listKind: {{ .kind }}List
    plural: {{ .plural }}
    singular: {{ lower .kind }}
    shortNames: [{{ .short }}]
    categories: [istio-io, networking-istio-io]
  scope: Namespaced
  versions:
  {{- range $version := list "v1" "v1beta1" "v1alpha3" }}
  - name: {{ $version }}
    served: true
    storage: {{ eq $version "v1" }}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-preserve-unknown-fields: true
          status:
            type: object
            x-kubernetes-preserve-unknown-fields: true
    subresources:
      status: {}
  {{- end }}
{{- end -}}
