package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kubernetes/pkg/generated/openapi"
)

const models = "cloud.gardener.core.v1beta1."

func (Condition) OpenAPIModelName() string     { return models + "Condition" }
func (LastOperation) OpenAPIModelName() string { return models + "LastOperation" }
func (Address) OpenAPIModelName() string       { return models + "ShootAdvertisedAddress" }
func (Gardenlet) OpenAPIModelName() string     { return models + "Gardener" }
func (Status) OpenAPIModelName() string        { return models + "ShootStatus" }
func (SeedStatus) OpenAPIModelName() string    { return models + "SeedStatus" }
func (Shoot) OpenAPIModelName() string         { return models + "Shoot" }
func (ShootList) OpenAPIModelName() string     { return models + "ShootList" }
func (Seed) OpenAPIModelName() string          { return models + "Seed" }
func (SeedList) OpenAPIModelName() string      { return models + "SeedList" }

// What a generator would write for types.go, with the marks that Gardener's types have.
func definitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	all := openapi.GetOpenAPIDefinitions(ref)
	text := *spec.StringProperty()
	object := *new(spec.Schema).Typed("object", "")
	texts := func(names ...string) map[string]spec.Schema {
		properties := map[string]spec.Schema{}
		for _, name := range names {
			properties[name] = text
		}
		return properties
	}
	condition := texts("type", "status", "reason", "message", "lastTransitionTime", "lastUpdateTime")
	to := func(name string) spec.Schema {
		return spec.Schema{SchemaProps: spec.SchemaProps{Default: map[string]any{}, Ref: ref(name)}}
	}
	maybe := func(name string) spec.Schema { return spec.Schema{SchemaProps: spec.SchemaProps{Ref: ref(name)}} }
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
	operation := texts("type", "state")
	operation["progress"] = *spec.Int32Property()
	define(LastOperation{}.OpenAPIModelName(), operation)
	define(Address{}.OpenAPIModelName(), texts("name", "url"))
	define(Gardenlet{}.OpenAPIModelName(), texts("id", "name", "version"))
	address := to(Address{}.OpenAPIModelName())
	define(Status{}.OpenAPIModelName(), map[string]spec.Schema{
		"conditions": merged, "constraints": merged, "technicalID": text, "seedName": text, "hibernated": *spec.BooleanProperty(),
		"lastOperation": maybe(LastOperation{}.OpenAPIModelName()), "advertisedAddresses": *spec.ArrayProperty(&address),
	}, Condition{}.OpenAPIModelName(), LastOperation{}.OpenAPIModelName(), Address{}.OpenAPIModelName())
	define(SeedStatus{}.OpenAPIModelName(), map[string]spec.Schema{
		"conditions": merged, "gardener": maybe(Gardenlet{}.OpenAPIModelName()),
	}, Condition{}.OpenAPIModelName(), Gardenlet{}.OpenAPIModelName())
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
	seedStatus := SeedStatus{}.OpenAPIModelName()
	kind(Seed{}.OpenAPIModelName(), map[string]spec.Schema{"status": to(seedStatus)}, seedStatus)
	return all
}
