// Package allowance is for tests that hold work to a time. What they say holds on a
// machine that is slow, or that others use at the same time, and it fails where the
// program is slow.
//
// A time is told for a nominal machine, which is one that needs [Yardstick] for a
// certain piece of work. How long this machine needs for the same piece is measured
// before and after what is held to the time, and the time is stretched when that is
// longer; it is never shortened. Both are taken in processor time, which does not
// grow much while others use the machine as well. Waiting takes no processor time, so
// the time on the clock is looked at too: it may be ten times as long as the clock
// says that the work needs with as many others on the machine.
package allowance
