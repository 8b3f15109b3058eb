package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Condition is found by its type in a strategic merge patch; for server-side apply the list is one value.
type Condition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	Reason             string `json:"reason,omitempty"`
	Message            string `json:"message,omitempty"`
	LastTransitionTime string `json:"lastTransitionTime,omitempty"`
	LastUpdateTime     string `json:"lastUpdateTime,omitempty"`
}

// LastOperation is what gardenlet has done last, or does.
type LastOperation struct {
	Type     string `json:"type"`
	State    string `json:"state"`
	Progress int32  `json:"progress"`
}

// Address is one that the shoot's API server is reached by.
type Address struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Status has the fields that Moongate reads and writes.
type Status struct {
	Conditions   []Condition    `json:"conditions,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
	Constraints  []Condition    `json:"constraints,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
	TechnicalID  string         `json:"technicalID,omitempty"`
	SeedName     string         `json:"seedName,omitempty"`
	IsHibernated bool           `json:"hibernated,omitempty"`
	Last         *LastOperation `json:"lastOperation,omitempty"`
	Addresses    []Address      `json:"advertisedAddresses,omitempty"`
}

// Shoot keeps whatever its spec says.
type Shoot struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              map[string]any `json:"spec,omitempty"`
	Status            Status         `json:"status,omitempty"`
}

// ShootList is what list and watch give.
type ShootList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Shoot `json:"items"`
}

// Gardenlet is who looks after a Seed.
type Gardenlet struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

// SeedStatus has the fields that Moongate reads and writes.
type SeedStatus struct {
	Conditions []Condition `json:"conditions,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
	Gardener   *Gardenlet  `json:"gardener,omitempty"`
}

// Seed keeps whatever its spec says.
type Seed struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              map[string]any `json:"spec,omitempty"`
	Status            SeedStatus     `json:"status,omitempty"`
}

// SeedList is what list and watch give.
type SeedList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Seed `json:"items"`
}

func (s Status) copy() Status {
	s.Conditions = append([]Condition(nil), s.Conditions...)
	s.Constraints = append([]Condition(nil), s.Constraints...)
	s.Last = copyOf(s.Last)
	s.Addresses = append([]Address(nil), s.Addresses...)
	return s
}

func (s SeedStatus) copy() SeedStatus {
	s.Conditions = append([]Condition(nil), s.Conditions...)
	s.Gardener = copyOf(s.Gardener)
	return s
}

func copyOf[T any](from *T) *T {
	if from == nil {
		return nil
	}
	c := *from
	return &c
}

func copyList[T any](items []T, copied func(*T) T) []T {
	all := make([]T, 0, len(items))
	for i := range items {
		all = append(all, copied(&items[i]))
	}
	return all
}

func (s *Shoot) copy() Shoot {
	return Shoot{s.TypeMeta, *s.ObjectMeta.DeepCopy(), runtime.DeepCopyJSON(s.Spec), s.Status.copy()}
}

func (s *Seed) copy() Seed {
	return Seed{s.TypeMeta, *s.ObjectMeta.DeepCopy(), runtime.DeepCopyJSON(s.Spec), s.Status.copy()}
}

func (s *Shoot) DeepCopyObject() runtime.Object {
	c := s.copy()
	return &c
}

func (s *Seed) DeepCopyObject() runtime.Object {
	c := s.copy()
	return &c
}

func (l *ShootList) DeepCopyObject() runtime.Object {
	return &ShootList{l.TypeMeta, *l.ListMeta.DeepCopy(), copyList(l.Items, (*Shoot).copy)}
}

func (l *SeedList) DeepCopyObject() runtime.Object {
	return &SeedList{l.TypeMeta, *l.ListMeta.DeepCopy(), copyList(l.Items, (*Seed).copy)}
}
