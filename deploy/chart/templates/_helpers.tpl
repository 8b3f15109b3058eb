{{- define "moongate.labels" -}}
app.kubernetes.io/name: moongate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Of one component's pods: dict with root and component. */}}
{{- define "moongate.selector" -}}
app.kubernetes.io/name: moongate
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "moongate.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}
{{- end }}

{{- define "moongate.isGateway" -}}
{{- if eq (.Values.configuration.target | default "Gateway") "Gateway" }}true{{ end }}
{{- end }}

{{- define "moongate.managesSeed" -}}
{{- if eq ((.Values.configuration.ownership | default dict).seed | default "Observe") "Manage" }}true{{ end }}
{{- end }}

{{- define "moongate.managesEvidence" -}}
{{- if eq ((.Values.configuration.ownership | default dict).evidence | default "Observe") "Manage" }}true{{ end }}
{{- end }}

{{- define "moongate.evidencePort" -}}
{{- dig "evidence" "accessLogService" "port" 18001 .Values.configuration }}
{{- end }}

{{/* Whether the dashboard is of this seed alone, and reads its witness without an API server between them. */}}
{{- define "moongate.ownDashboard" -}}
{{- if and .Values.dashboard.enabled (not .Values.dashboard.kubeconfigSecret.name) }}true{{ end }}
{{- end }}

{{/* Whether somebody may read adoption from the witness. */}}
{{- define "moongate.shares" -}}
{{- if or .Values.witness.readers (include "moongate.ownDashboard" .) }}true{{ end }}
{{- end }}

{{/* With the witness installed, the gateways are told of it; what the values say themselves is stronger. */}}
{{- define "moongate.configuration" -}}
{{- $configuration := deepCopy .Values.configuration }}
{{- if .Values.witness.enabled }}
{{- $service := dict "enabled" true "address" "0.0.0.0" "port" (include "moongate.evidencePort" . | int) "service" (printf "%s-witness.%s" .Release.Name .Release.Namespace) }}
{{- if .Values.accessLogTLS.secretName }}
{{- $_ := set $service "tls" (dict "certificate" "/etc/access-log-tls/tls.crt" "key" "/etc/access-log-tls/tls.key" "ca" "/etc/access-log-tls/ca.crt") }}
{{- end }}
{{- $configuration = mergeOverwrite (dict "evidence" (dict "accessLogService" $service)) $configuration }}
{{- end }}
{{- toYaml $configuration }}
{{- end }}

{{- define "moongate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "moongate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "moongate.probes" -}}
startupProbe:
  httpGet: {path: /livez, port: admin}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /livez, port: admin}
  periodSeconds: 10
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: admin}
  periodSeconds: 2
{{- end }}

{{/* One pod for each host, where that is possible. */}}
{{- define "moongate.spread" -}}
topologySpreadConstraints:
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "moongate.selector" $ | nindent 8 }}
{{- end }}
{{- end }}

{{- define "moongate.scheduling" -}}
{{- with .nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* DNS, and so many TCP ports: addresses are not known here. */}}
{{- define "moongate.egress" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
- ports:
{{- range . }}
    - {port: {{ . }}, protocol: TCP}
{{- end }}
{{- end }}
