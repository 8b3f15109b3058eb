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

// Status has the fields that Moongate reads and writes.
type Status struct {
	Conditions   []Condition `json:"conditions,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
	Constraints  []Condition `json:"constraints,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
	TechnicalID  string      `json:"technicalID,omitempty"`
	SeedName     string      `json:"seedName,omitempty"`
	IsHibernated bool        `json:"hibernated,omitempty"`
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

// Seed keeps whatever its spec says.
type Seed struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              map[string]any `json:"spec,omitempty"`
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
	return s
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
	return Seed{s.TypeMeta, *s.ObjectMeta.DeepCopy(), runtime.DeepCopyJSON(s.Spec)}
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
