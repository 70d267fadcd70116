{{/* Written by `generator charts` from generator/tables/causes.yaml: the answers of the endpoint and their causes.

  edgemesh.causes    shell text that sets `why` and `causes`, by `exit` (exit code of curl, or http or late),
                     `status` (HTTP), `url` and `error`
*/}}

{{- define "edgemesh.causes" -}}
case "$exit:$status" in
http:*)
  why="the endpoint uses http, but the request was https [answer-uses-http]"
  causes="
- featureGates.requireAuthorization differs between cloudcore and edge nodes (set requireAuthorization to the same value in cloudcore and in edgecore.yaml, and restart both) [gate-differs]
- edgecore.yaml on the node differs from the rendered file (write the rendered edgecore.yaml to the node and restart edgecore) [node-settings-differ]
- requireAuthorization differs between edgecore and edgemesh-agent on the node (set requireAuthorization to the same value in edgecore.yaml and in the agent, and restart both) [gate-on-node-differs]
- requireAuthorization differs between edgemesh-agent and edge nodes (set requireAuthorization to the same value in edgecore.yaml and in the agent, and restart both) [agent-gate-differs]" ;;
7:*)
  why="nothing listens at ${url:-} [answer-refused]"
  causes="
- cloudcore still runs with an earlier configuration (restart cloudcore after each change of its ConfigMap) [cloudcore-not-restarted]
- featureGates.requireAuthorization differs between cloudcore and edge nodes (set requireAuthorization to the same value in cloudcore and in edgecore.yaml, and restart both) [gate-differs]
- KubeEdge 1.17 and newer: the certificate request of a node's endpoint is approved, but no certificate is issued (kube-controller-manager needs --cluster-signing-cert-file and --cluster-signing-key-file) [certificate-request-not-issued]
- no edge node is Ready, or the one that is checked is not (check on the node that edgecore runs and reaches cloudcore) [node-not-ready]
- the node has no edgecore.yaml (join the node with join.sh) [node-not-joined]
- edgecore does not run on the node (read on the node: journalctl --unit edgecore) [edgecore-stopped]
- metaServer is off on the node (set modules.metaManager.metaServer.enable to true in edgecore.yaml) [metaserver-off]
- the address of metaServer is not IP:port (set modules.metaManager.metaServer.server to IP:port, without https://) [metaserver-address]
- KubeEdge 1.17 and newer: nobody has approved the certificate request of a node's endpoint (cloudcore approves it with featureGates.requireAuthorization on and its role from the chart) [certificate-request-pending]
- KubeEdge 1.17 and newer: the certificate request of a node's endpoint was denied or failed (kubectl delete csr metaserver-csr-NODE) [certificate-request-rejected]
- KubeEdge 1.17 and newer: an old certificate request, from before the node joined again, blocks the node's new request (kubectl delete csr metaserver-csr-NODE) [certificate-request-blocks-node]
- KubeEdge 1.17 and newer: edgecore waits for the certificate of its endpoint (kubectl get csr metaserver-csr-NODE) [endpoint-certificate-pending]
- KubeEdge 1.12 to 1.16: certificate files of the endpoint are missing on the node (copy the files that generator certs issue wrote to the node, then: systemctl restart edgecore) [endpoint-files-missing]
- edgecore.yaml on the node differs from the rendered file (write the rendered edgecore.yaml to the node and restart edgecore) [node-settings-differ]
- edgecore does not listen at the address that the client uses (use an address of the endpoint at which edgecore listens) [endpoint-listens-elsewhere]" ;;
late:200 | late:404 | late:500 | 28:*)
  why="${url:-} waits for the cloud; after 10 s the node answers from its own database [answer-late]"
  causes="
- cloudcore does not run, or is not ready (check the pods of cloudcore and their log) [cloudcore-not-ready]
- cloudcore still runs with an earlier configuration (restart cloudcore after each change of its ConfigMap) [cloudcore-not-restarted]
- dynamicController is off in cloudcore (set cloudCore.modules.dynamicController.enable to true, or a profile, and restart cloudcore) [dynamic-controller-off]
- the service account of cloudcore lacks permissions that this release needs (give cloudcore the roles of charts/cloudcore) [cloudcore-permission-missing]
- the API server denies cloudcore a request, which its log shows (name the type in edgeAPIs, so that cloudcore may list and watch it, and restart cloudcore) [cloudcore-denied]
- an application on edge nodes may read types that cloudcore itself may not read (name the type in edgeAPIs, so that cloudcore may list and watch it) [application-permission-missing]" ;;
*:200)
  why="${url:-} answers at once, but from the database of the node [answer-local]"
  causes="
- cloudcore does not run, or is not ready (check the pods of cloudcore and their log) [cloudcore-not-ready]
- cloudcore still runs with an earlier configuration (restart cloudcore after each change of its ConfigMap) [cloudcore-not-restarted]
- dynamicController is off in cloudcore (set cloudCore.modules.dynamicController.enable to true, or a profile, and restart cloudcore) [dynamic-controller-off]
- featureGates.requireAuthorization differs between cloudcore and edge nodes (set requireAuthorization to the same value in cloudcore and in edgecore.yaml, and restart both) [gate-differs]
- the service account of cloudcore lacks permissions that this release needs (give cloudcore the roles of charts/cloudcore) [cloudcore-permission-missing]
- the API server denies cloudcore a request, which its log shows (name the type in edgeAPIs, so that cloudcore may list and watch it, and restart cloudcore) [cloudcore-denied]
- an application on edge nodes may read types that cloudcore itself may not read (name the type in edgeAPIs, so that cloudcore may list and watch it) [application-permission-missing]
- no edge node is Ready, or the one that is checked is not (check on the node that edgecore runs and reaches cloudcore) [node-not-ready]
- edgecore has no connection to cloudcore (check the connection on the node: the log of edgecore, and the address in modules.edgeHub) [node-not-connected]" ;;
*:400)
  why="the endpoint uses https, but the request was http [answer-uses-https]"
  causes="
- requireAuthorization differs between edgecore and edgemesh-agent on the node (set requireAuthorization to the same value in edgecore.yaml and in the agent, and restart both) [gate-on-node-differs]
- requireAuthorization differs between edgemesh-agent and edge nodes (set requireAuthorization to the same value in edgecore.yaml and in the agent, and restart both) [agent-gate-differs]" ;;
*:401)
  why="${url:-} rejects the token [answer-401]"
  causes="
- cloudcore still runs with an earlier configuration (restart cloudcore after each change of its ConfigMap) [cloudcore-not-restarted]
- featureGates.requireAuthorization differs between cloudcore and edge nodes (set requireAuthorization to the same value in cloudcore and in edgecore.yaml, and restart both) [gate-differs]
- the service account of cloudcore lacks permissions that this release needs (give cloudcore the roles of charts/cloudcore) [cloudcore-permission-missing]
- the clock of the node is wrong (set the clock of the node) [clock-offset]
- KubeEdge 1.14 and newer: edgecore does not accept the issuer of the cluster's tokens (set metaServer.serviceAccountIssuers to the issuer of the API server) [issuer-differs]
- KubeEdge 1.14 and newer: cloudcore has made no access object (ServiceAccountAccess) for a service account (check the permissions of cloudcore, then restart a pod that uses the account) [access-missing]
- KubeEdge 1.14 and newer: an edge node has not received an access object (ServiceAccountAccess) (generator doctor, or generator status, prints the command that sends the object again) [access-not-acknowledged]
- KubeEdge 1.14 and newer: a container still uses the token from before a restart of edgecore (restart the pod, if edgecore has restarted after the pod started) [token-stale]
- KubeEdge 1.12 and newer: the token of the client has expired (restart the pod; check the clock of the node and the connection to cloudcore) [token-expired]
- KubeEdge 1.14 and newer: the token is from a pod on another node, or was not made for a pod (use the token of a pod on this node; \`kubectl create token\` does not work without serviceAccountKeyFiles) [token-of-another-node]
- KubeEdge 1.14 and newer: the node does not know the service account of the token (in the cloud: generator doctor (it prints the command that sends the access object again)) [account-unknown-on-node]" ;;
*:403)
  why="${url:-} accepts the token, which has no permissions [answer-403]"
  causes="
- the service account of cloudcore lacks permissions that this release needs (give cloudcore the roles of charts/cloudcore) [cloudcore-permission-missing]
- KubeEdge 1.14 and newer: an access object (ServiceAccountAccess) lacks the rules of its service account (give cloudcore get on clusterroles and roles) [access-without-rules]
- the service account has no permission for the request (check that the role of the account is bound; cloudcore must be able to get clusterroles and roles) [account-without-permissions]
- the service account of an EdgeMesh program lacks permissions (give the agent the roles of charts/edgemesh) [agent-permission-missing]" ;;
*:500)
  why="${url:-} answers 500 [answer-500]"
  causes="
- cloudcore does not run, or is not ready (check the pods of cloudcore and their log) [cloudcore-not-ready]
- no edge node is Ready, or the one that is checked is not (check on the node that edgecore runs and reaches cloudcore) [node-not-ready]
- edgecore has no connection to cloudcore (check the connection on the node: the log of edgecore, and the address in modules.edgeHub) [node-not-connected]
- KubeEdge 1.12 and newer: the token of the client has expired (restart the pod; check the clock of the node and the connection to cloudcore) [token-expired]" ;;
0:* | late:*)
  why="${url:-} answers ${status:-}, which this check does not know [answer-unknown]"
  causes="" ;;
35:* | 5[1-9]:* | 60:* | 77:* | 8[0-9]:*)
  why="the TLS connection to ${url:-} fails: ${error:-} [answer-tls-error]"
  causes="
- the clock of the node is wrong (set the clock of the node) [clock-offset]
- the CA of the client did not sign the certificate of the endpoint (give the client the CA that signed the certificate of the endpoint; from KubeEdge 1.17 on that is the cluster's CA) [endpoint-ca-unknown]
- the certificate of the endpoint is not valid now (renew the certificate of the endpoint) [endpoint-certificate-expired]
- the certificate of the endpoint does not contain the address that the client uses (use the IP address of the endpoint in the URL; from KubeEdge 1.17 on the certificate has no host names) [endpoint-certificate-names]
- the endpoint rejects the client certificate (use a client certificate that is valid and that the CA of the endpoint has signed) [client-certificate-rejected]" ;;
*)
  why="no request could be sent to ${url:-}: ${error:-} [answer-none]"
  causes="
- the endpoint rejects the client certificate (use a client certificate that is valid and that the CA of the endpoint has signed) [client-certificate-rejected]" ;;
esac
{{- end -}}
