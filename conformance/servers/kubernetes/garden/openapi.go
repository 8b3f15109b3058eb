package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kubernetes/pkg/generated/openapi"
)

const models = "cloud.gardener.core.v1beta1."

func (Condition) OpenAPIModelName() string { return models + "Condition" }
func (Status) OpenAPIModelName() string    { return models + "ShootStatus" }
func (Shoot) OpenAPIModelName() string     { return models + "Shoot" }
func (ShootList) OpenAPIModelName() string { return models + "ShootList" }
func (Seed) OpenAPIModelName() string      { return models + "Seed" }
func (SeedList) OpenAPIModelName() string  { return models + "SeedList" }

// What a generator would write for types.go, with the marks that Gardener's types have.
func definitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	all := openapi.GetOpenAPIDefinitions(ref)
	text := *spec.StringProperty()
	object := *new(spec.Schema).Typed("object", "")
	condition := map[string]spec.Schema{}
	for _, name := range []string{"type", "status", "reason", "message", "lastTransitionTime", "lastUpdateTime"} {
		condition[name] = text
	}
	to := func(name string) spec.Schema {
		return spec.Schema{SchemaProps: spec.SchemaProps{Default: map[string]any{}, Ref: ref(name)}}
	}
	merged := *spec.ArrayProperty(new(spec.Schema))
	entry := to(Condition{}.OpenAPIModelName())
	merged.Items = &spec.SchemaOrArray{Schema: &entry}
	merged.VendorExtensible.AddExtension("x-kubernetes-patch-merge-key", "type")
	merged.VendorExtensible.AddExtension("x-kubernetes-patch-strategy", "merge")
	define := func(name string, properties map[string]spec.Schema, dependencies ...string) {
		schema := spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}, Properties: properties}}
		all[name] = common.OpenAPIDefinition{Schema: schema, Dependencies: dependencies}
	}
	define(Condition{}.OpenAPIModelName(), condition)
	define(Status{}.OpenAPIModelName(), map[string]spec.Schema{
		"conditions": merged, "constraints": merged, "technicalID": text, "seedName": text, "hibernated": *spec.BooleanProperty(),
	}, Condition{}.OpenAPIModelName())
	objectMeta, listMeta := metav1.ObjectMeta{}.OpenAPIModelName(), metav1.ListMeta{}.OpenAPIModelName()
	kind := func(name string, more map[string]spec.Schema, dependencies ...string) {
		properties := map[string]spec.Schema{"apiVersion": text, "kind": text, "metadata": to(objectMeta), "spec": object}
		for key, schema := range more {
			properties[key] = schema
		}
		define(name, properties, append(dependencies, objectMeta)...)
		item := to(name)
		list := *spec.ArrayProperty(&item)
		define(name+"List", map[string]spec.Schema{"apiVersion": text, "kind": text, "metadata": to(listMeta), "items": list}, name, listMeta)
	}
	status := Status{}.OpenAPIModelName()
	kind(Shoot{}.OpenAPIModelName(), map[string]spec.Schema{"status": to(status)}, status)
	kind(Seed{}.OpenAPIModelName(), nil)
	return all
}
