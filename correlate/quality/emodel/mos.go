package emodel

// MOS is the mean opinion score that a rating on the narrow-band scale stands
// for, 1 to 4.5 (G.107 Annex B). The polynomial dips below 1 for ratings
// under 6.52; that is cut off.
func MOS(r float64) float64 {
	switch {
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}

// lowestRating is where MOS begins to rise.
const lowestRating = 6.53

// Rating is the reverse of MOS, to read scores that devices report: the
// rating on the narrow-band scale. Scores outside 1 to 4.5 give its ends.
func Rating(mos float64) float64 {
	low, high := lowestRating, 100.0
	switch {
	case mos <= MOS(low):
		return low
	case mos >= MOS(high):
		return high
	}
	for range 60 {
		middle := (low + high) / 2
		if MOS(middle) < mos {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
