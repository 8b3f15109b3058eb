// The garden's API server of the conformance tests: serves Shoot and Seed as Gardener's does, as an aggregated API server
// with types of its own, whose lists of conditions have a merge key and are no maps. Reached through kube-apiserver
// only, in a network of the test's; so it asks nobody who he is.
package main

import (
	"context"
	"net"
	"os"
	"strconv"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/request/anonymous"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	apiopenapi "k8s.io/apiserver/pkg/endpoints/openapi"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/component-base/compatibility"
	"k8s.io/klog/v2"
)

const group = "core.gardener.cloud"

var (
	version  = schema.GroupVersion{Group: group, Version: "v1beta1"}
	internal = schema.GroupVersion{Group: group, Version: runtime.APIVersionInternal}
	scheme   = runtime.NewScheme()
	codecs   = serializer.NewCodecFactory(scheme)
)

type strategy struct {
	runtime.ObjectTyper
	names.NameGenerator
	namespaced bool
	status     bool
}

func (s strategy) NamespaceScoped() bool                                               { return s.namespaced }
func (strategy) PrepareForCreate(context.Context, runtime.Object)                      {}
func (strategy) Validate(context.Context, runtime.Object) field.ErrorList              { return nil }
func (strategy) WarningsOnCreate(context.Context, runtime.Object) []string             { return nil }
func (strategy) WarningsOnUpdate(_ context.Context, _, _ runtime.Object) []string      { return nil }
func (strategy) Canonicalize(runtime.Object)                                           {}
func (strategy) AllowCreateOnUpdate(context.Context) bool                              { return false }
func (strategy) AllowUnconditionalUpdate(context.Context) bool                         { return true }
func (strategy) ValidateUpdate(_ context.Context, _, _ runtime.Object) field.ErrorList { return nil }

// PrepareForUpdate keeps what the other endpoint writes.
func (s strategy) PrepareForUpdate(_ context.Context, next, old runtime.Object) {
	switch next := next.(type) {
	case *Shoot:
		before := old.(*Shoot).copy()
		if s.status {
			next.Spec = before.Spec
		} else {
			next.Status = before.Status
		}
	case *Seed:
		before := old.(*Seed).copy()
		if s.status {
			next.Spec = before.Spec
		} else {
			next.Status = before.Status
		}
	}
}

type statusREST struct{ store *registry.Store }

func statusOf(store *registry.Store, namespaced bool) *statusREST {
	status := *store
	status.UpdateStrategy = strategy{scheme, names.SimpleNameGenerator, namespaced, true}
	return &statusREST{&status}
}

func (r *statusREST) New() runtime.Object { return r.store.NewFunc() }
func (r *statusREST) Destroy()            {}
func (r *statusREST) Get(ctx context.Context, name string, o *metav1.GetOptions) (runtime.Object, error) {
	return r.store.Get(ctx, name, o)
}
func (r *statusREST) Update(ctx context.Context, name string, info rest.UpdatedObjectInfo, create rest.ValidateObjectFunc,
	update rest.ValidateObjectUpdateFunc, _ bool, o *metav1.UpdateOptions) (runtime.Object, bool, error) {
	return r.store.Update(ctx, name, info, create, update, false, o)
}

func attributes(of runtime.Object) (labels.Set, fields.Set, error) {
	object, err := meta.Accessor(of)
	if err != nil {
		return nil, nil, err
	}
	return labels.Set(object.GetLabels()), fields.Set{"metadata.name": object.GetName(), "metadata.namespace": object.GetNamespace()}, nil
}

func store(getter generic.RESTOptionsGetter, plural, singular string, namespaced bool, one, list func() runtime.Object) *registry.Store {
	s := strategy{scheme, names.SimpleNameGenerator, namespaced, false}
	result := &registry.Store{
		NewFunc:                   one,
		NewListFunc:               list,
		DefaultQualifiedResource:  schema.GroupResource{Group: group, Resource: plural},
		SingularQualifiedResource: schema.GroupResource{Group: group, Resource: singular},
		PredicateFunc: func(label labels.Selector, field fields.Selector) storage.SelectionPredicate {
			return storage.SelectionPredicate{Label: label, Field: field, GetAttrs: attributes}
		},
		CreateStrategy: s, UpdateStrategy: s, DeleteStrategy: s,
		TableConvertor: rest.NewDefaultTableConvertor(schema.GroupResource{Group: group, Resource: plural}),
	}
	must(result.CompleteWithOptions(&generic.StoreOptions{RESTOptions: getter, AttrFunc: attributes}))
	return result
}

func must(err error) {
	if err != nil {
		klog.Fatal(err)
	}
}

func register() {
	for _, v := range []schema.GroupVersion{internal, version} {
		scheme.AddKnownTypes(v, &Shoot{}, &ShootList{}, &Seed{}, &SeedList{})
	}
	metav1.AddToGroupVersion(scheme, version)
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	must(scheme.SetVersionPriority(version))
}

// Arguments: address, port, folder of certificates, URL of etcd.
func main() {
	register()
	address, folder, etcd := os.Args[1], os.Args[3], os.Args[4]
	port, err := strconv.Atoi(os.Args[2])
	must(err)
	recommended := options.NewRecommendedOptions("/garden", codecs.LegacyCodec(version))
	recommended.Etcd.StorageConfig.Transport.ServerList = []string{etcd}
	recommended.SecureServing.BindAddress = net.ParseIP(address)
	recommended.SecureServing.BindPort = port
	recommended.SecureServing.ServerCert.CertDirectory = folder
	must(recommended.SecureServing.MaybeDefaultWithSelfSignedCerts(address, nil, []net.IP{net.ParseIP(address)}))

	config := server.NewRecommendedConfig(codecs)
	config.EffectiveVersion = compatibility.NewEffectiveVersionFromString("1.37", "", "")
	config.OpenAPIConfig = server.DefaultOpenAPIConfig(definitions, apiopenapi.NewDefinitionNamer(scheme))
	config.OpenAPIV3Config = server.DefaultOpenAPIV3Config(definitions, apiopenapi.NewDefinitionNamer(scheme))
	must(recommended.Etcd.ApplyTo(&config.Config))
	must(recommended.SecureServing.ApplyTo(&config.Config.SecureServing, &config.Config.LoopbackClientConfig))
	config.Authentication.Authenticator = authenticator.Request(anonymous.NewAuthenticator(nil))
	config.Authorization.Authorizer = authorizerfactory.NewAlwaysAllowAuthorizer()

	garden, err := config.Complete().New("garden", server.NewEmptyDelegate())
	must(err)
	info := server.NewDefaultAPIGroupInfo(group, scheme, metav1.ParameterCodec, codecs)
	getter := config.RESTOptionsGetter
	shoots := store(getter, "shoots", "shoot", true,
		func() runtime.Object { return &Shoot{} }, func() runtime.Object { return &ShootList{} })
	seeds := store(getter, "seeds", "seed", false,
		func() runtime.Object { return &Seed{} }, func() runtime.Object { return &SeedList{} })
	info.VersionedResourcesStorageMap["v1beta1"] = map[string]rest.Storage{
		"shoots": shoots, "shoots/status": statusOf(shoots, true),
		"seeds": seeds, "seeds/status": statusOf(seeds, false),
	}
	must(garden.InstallAPIGroup(&info))
	must(garden.PrepareRun().RunWithContext(server.SetupSignalContext()))
}
