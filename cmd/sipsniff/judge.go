package main

import (
	"sync/atomic"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/settings"
)

// A judge runs the rules for the screens. Their settings may change meanwhile, and
// what reports are made of later is judged by the same.
type judge struct {
	o     *options
	liked *settings.File
	rules atomic.Pointer[diagnosis.Options]
	with  atomic.Pointer[diagnosis.Engine]
}

func (o *options) newJudge(liked *settings.File) (*judge, error) {
	j := &judge{o: o, liked: liked}
	return j, j.take(likedMOS(liked))
}

// take goes on with other limits of MOS, as quality.mos spells them.
func (j *judge) take(mos string) error {
	rules, err := j.o.diagnosisOptions(j.liked, mos)
	if err == nil {
		j.rules.Store(&rules)
		j.with.Store(diagnosis.New(rules))
	}
	return err
}

// run is for one goroutine: an engine remembers.
func (j *judge) run(s *correlate.Snapshot) *diagnosis.Result { return j.with.Load().Run(s) }

// anew is an engine of its own, by the same settings.
func (j *judge) anew() *diagnosis.Engine { return diagnosis.New(*j.rules.Load()) }
