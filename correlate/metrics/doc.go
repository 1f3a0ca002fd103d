// Package metrics makes the aggregates of spec §4 out of a Snapshot: ratios,
// delays and rates, in total and for each pair of hosts. It is a function of
// the Snapshot alone. docs/METRICS.md defines every number.
package metrics
