// Package diagnosis says why calls failed or sounded bad: in plain words,
// proven by packets, the cause before what follows from it, and nothing when
// all is well (spec §7). A snapshot goes in, findings come out. It has no clock
// and no goroutine: what it says depends on the snapshot alone.
//
// # How to add a rule
//
// Declare a Rule in the file of its subject, named FAMILY_SUBJECT.go
// (media_silence.go), in a function that returns the rules of the subject, and
// list that function in the table of its family: signalling.go, media.go,
// security.go or infrastructure.go. The command, the documentation, the
// configuration and the filter know it then. Codes are those of spec §7; Name is
// a slug; Title says the consequence for people.
//
// Check is given one call. It looks, and for what it finds calls Case.Find with
// a text that holds the facts of this call (who, when, how often, how much),
// adds Message, Frame or Show as evidence, the deciding one first, and changes
// Severity, Confidence, Title, Likely or Advice of the Draft where this case is
// special. No finding without evidence. In particular:
//
//   - When names the traits without one of which the rule has nothing to say.
//     It is what keeps a hundred rules cheap: a healthy call must not reach the
//     check. Add a Trait when none fits.
//   - Numbers stand in Thresholds and are asked for with Case.Number, words in
//     Lists and asked for with Survey.Words.
//   - A rule that relies on something not having come says so: Draft.Absent
//     names the way, and Case.Passed the moment up to which the capture has to
//     go on. The engine weakens or drops the finding by what the capture shows,
//     and looks again when more of it is there.
//   - Hides names the codes that follow from this one in the same call. Do not
//     look at what other rules say.
//   - Case.Exchanges are the transactions of the call hop by hop, Case.SIP the
//     headers of a message; both are made when asked for.
//   - What needs several calls is a Survey. Draft.About, Count and Involve tell
//     whom it is about; Survey.FindIn puts a finding into one call.
//
// Facts that a snapshot does not have yet come into it through correlate (of
// packets) or correlate.Input (of the capture itself), never around it.
//
// # How to test one
//
// Each rule needs a scenario in which it must speak and one, as similar as can
// be, in which it must be silent: in FAMILY_SUBJECT_test.go, as a list of
// scenario values named in scenarios_test.go. A scenario is a script of
// internal/scene, which runs through the whole pipeline, or a capture of
// pcaps/ or ../shared/pcaps. TestEveryRule fails for a rule that lacks one.
package diagnosis
