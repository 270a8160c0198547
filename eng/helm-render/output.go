package main

import (
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/ghodss/yaml"
)

// The order in which Helm installs; kinds that it does not know come last.
var installOrder = []string{
	"PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
	"ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim",
	"CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList",
	"RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
	"HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
}

var separator = regexp.MustCompile(`(?m)^---\s*$`)

type manifest struct {
	source, kind, name, text string
}

func print(c *chart, values, release, capabilities map[string]interface{}, notes bool) error {
	rendered, err := render(c, values, release, capabilities)
	if err != nil {
		return err
	}
	var all []manifest
	for source, text := range rendered {
		if path.Base(source) == "NOTES.txt" {
			if notes {
				fmt.Println(strings.TrimSpace(text))
				return nil
			}
			continue
		}
		found, err := split(source, text)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if rank(a.kind) != rank(b.kind) {
			return rank(a.kind) < rank(b.kind)
		}
		if a.kind != b.kind {
			return a.kind < b.kind
		}
		return a.name < b.name
	})
	for _, m := range all {
		fmt.Printf("---\n# Source: %s\n%s\n", m.source, m.text)
	}
	return nil
}

func split(source, text string) ([]manifest, error) {
	var found []manifest
	for _, part := range separator.Split(text, -1) {
		part = strings.TrimSpace(part)
		var object struct {
			Kind     string
			Metadata struct{ Name string }
		}
		if err := yaml.Unmarshal([]byte(part), &object); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", source, err, part)
		}
		if object.Kind != "" {
			found = append(found, manifest{source, object.Kind, object.Metadata.Name, part})
		}
	}
	return found, nil
}

func rank(kind string) int {
	for i, known := range installOrder {
		if known == kind {
			return i
		}
	}
	return len(installOrder)
}
