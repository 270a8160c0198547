{{- define "margay.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
app.kubernetes.io/name: margay
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: margay
{{- end -}}

{{/* The labels that select a component's pods: they never change. Call with (list . "node"). */}}
{{- define "margay.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: margay
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* The reference of an image. Call with (list . "node"). */}}
{{- define "margay.image" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $registry := default $root.Values.image.registry $root.Values.global.imageRegistry -}}
{{- $digest := index $root.Values.image.digests $name -}}
{{- if $digest -}}
{{- printf "%s/%s@%s" $registry $name $digest -}}
{{- else -}}
{{- printf "%s/%s:%s" $registry $name (default $root.Chart.AppVersion $root.Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "margay.nodeAccount" -}}
{{- if .Values.node.serviceAccount.create }}{{ default "margay-node" .Values.node.serviceAccount.name }}{{ else }}{{ default "default" .Values.node.serviceAccount.name }}{{ end -}}
{{- end -}}

{{- define "margay.controllersAccount" -}}
{{- if .Values.controllers.serviceAccount.create }}{{ default "margay-controllers" .Values.controllers.serviceAccount.name }}{{ else }}{{ default "default" .Values.controllers.serviceAccount.name }}{{ end -}}
{{- end -}}

{{- define "margay.apiServerAccount" -}}
{{- if .Values.apiServer.serviceAccount.create }}{{ default "margay-api" .Values.apiServer.serviceAccount.name }}{{ else }}{{ default "default" .Values.apiServer.serviceAccount.name }}{{ end -}}
{{- end -}}

{{/* The prefix of pod interfaces of the plugin that wires the pods when we do not. */}}
{{- define "margay.foreignPrefix" -}}
{{- $type := .Values.installation.cni.type -}}
{{- if eq $type "AmazonVPC" }}eni{{ else if eq $type "AzureVNET" }}azv{{ else if eq $type "GKE" }}gke{{ end -}}
{{- end -}}

{{/* Variables of all our programs. */}}
{{- define "margay.env" -}}
- name: MARGAY_DATASTORE
  value: {{ .Values.datastore | quote }}
{{- with .Values.kubernetesServiceEndpoint }}
{{- if .host }}
- name: KUBERNETES_SERVICE_HOST
  value: {{ .host | quote }}
{{- end }}
{{- if .port }}
- name: KUBERNETES_SERVICE_PORT
  value: {{ .port | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Names, or objects with a name; people write both. */}}
{{- define "margay.pullSecrets" -}}
{{- range . }}
- name: {{ if kindIs "string" . }}{{ . }}{{ else }}{{ .name }}{{ end }}
{{- end }}
{{- end -}}

{{/* The network configuration that the runtime reads. */}}
{{- define "margay.conflist" -}}
{{- $cni := .Values.installation.cni -}}
{{- $own := dict "type" "margay-cni" "socket" "/run/margay/cni.sock" "ipam" (dict "type" "calico-ipam" "assign_ipv4" $cni.assignIpv4 "assign_ipv6" $cni.assignIpv6) "policy" (dict "type" "k8s") -}}
{{- if $cni.mtu }}{{ $_ := set $own "mtu" $cni.mtu }}{{ end -}}
{{- if $cni.logFile }}{{ $_ := set $own "log_file_path" $cni.logFile }}{{ $_ := set $own "log_level" $cni.logLevel }}{{ end -}}
{{- $plugins := list $own -}}
{{- if $cni.hostPorts }}{{ $plugins = append $plugins (dict "type" "portmap" "snat" true "capabilities" (dict "portMappings" true)) }}{{ end -}}
{{- if $cni.bandwidth }}{{ $plugins = append $plugins (dict "type" "bandwidth" "capabilities" (dict "bandwidth" true)) }}{{ end -}}
{{- range $cni.furtherPlugins }}{{ $plugins = append $plugins . }}{{ end -}}
{{- dict "cniVersion" "1.0.0" "name" "margay" "plugins" $plugins | toPrettyJson -}}
{{- end -}}
