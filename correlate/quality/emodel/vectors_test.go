package emodel

import (
	"math"
	"testing"
)

// The vectors of spec §6.9, made by an independent implementation.
const (
	ratingTolerance = 0.001
	scoreTolerance  = 0.0005
)

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance+1e-9 }

func check(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !near(got, want, tolerance) {
		t.Errorf("%s: %.5f, want %.4f", what, got, want)
	}
}

func TestDefaultPath(t *testing.T) {
	p := DefaultPath()
	check(t, "No", p.Noise(), -61.179214, 1e-6)
	check(t, "Ro", p.SignalToNoise(), 94.768822, 1e-6)
	check(t, "Is", p.Simultaneous(), 1.413568, 1e-6)
	check(t, "Id", p.Delay(), 0.149046, 1e-6)
	check(t, "R", p.Rating(0), 93.206208, 1e-6)
	check(t, "MOS", MOS(p.Rating(0)), 4.409406, 1e-6)
}

func TestMOS(t *testing.T) {
	for _, v := range []struct{ r, mos float64 }{
		{-5, 1},
		{0, 1},
		{1, 1},
		{10, 1.0350},
		{20, 1.2520},
		{30, 1.6090},
		{40, 2.0640},
		{50, 2.5750},
		{60, 3.1000},
		{70, 3.5970},
		{80, 4.0240},
		{90, 4.3390},
		{93.2, 4.4093},
		{95, 4.4414},
		{100, 4.5},
		{110, 4.5},
	} {
		check(t, "MOS", MOS(v.r), v.mos, scoreTolerance)
	}
	for _, s := range []struct{ mos, r float64 }{{1.5, 27.269}, {2.0, 38.684}, {2.58, 50.095}, {3.1, 60}, {3.6, 70.064}, {4.03, 80.159}, {4.34, 90.041}} {
		check(t, "R", Rating(s.mos), s.r, ratingTolerance)
	}
	if MOS(3) != 1 || Rating(0.5) != lowestRating || Rating(5) != 100 {
		t.Error("the ends are not clamped")
	}
}

func TestDelay(t *testing.T) {
	codec := Codec{NarrowBand, 0, 25.1}
	for _, v := range []struct{ ta, idte, idle, idd, id, g107, g107MOS, free, freeMOS, classic, classicMOS float64 }{
		{0, 0, 0.1490, 0, 0.1490, 93.2062, 4.409, 93.2000, 4.409, 93.200, 4.409},
		{20, 0.3919, 0.4321, 0, 0.8239, 92.5313, 4.396, 93.2000, 4.409, 92.720, 4.400},
		{50, 1.0229, 0.5761, 0, 1.5991, 91.7562, 4.380, 93.2000, 4.409, 92.000, 4.385},
		{80, 1.5994, 0.6739, 0, 2.2733, 91.0819, 4.365, 93.2000, 4.409, 91.280, 4.369},
		{100, 1.9638, 0.7277, 0, 2.6915, 90.6637, 4.355, 93.2000, 4.409, 90.800, 4.358},
		{120, 2.3137, 0.7759, 0.0014, 3.0910, 90.2643, 4.345, 93.1986, 4.409, 90.320, 4.347},
		{150, 2.8118, 0.8407, 0.1635, 3.8161, 89.5391, 4.328, 93.0365, 4.406, 89.600, 4.329},
		{177.3, 3.2373, 0.8941, 1.1721, 5.3034, 88.0519, 4.288, 92.0279, 4.385, 88.945, 4.312},
		{200, 3.5708, 0.9353, 3.0444, 7.5505, 85.8047, 4.223, 90.1556, 4.343, 85.903, 4.226},
		{250, 4.2429, 1.0186, 8.9167, 14.1782, 79.1771, 3.993, 84.2833, 4.175, 79.203, 3.994},
		{300, 4.8339, 1.0943, 14.7607, 20.6889, 72.6664, 3.719, 78.4393, 3.964, 72.503, 3.712},
		{400, 5.8082, 1.2301, 24.0701, 31.1084, 62.2468, 3.216, 69.1299, 3.556, 59.103, 3.053},
		{500, 6.5641, 1.3521, 30.6359, 38.5521, 54.8032, 2.828, 62.5641, 3.232, 45.703, 2.351},
	} {
		p := delayed(v.ta)
		check(t, "Idte", p.talkerEcho(), v.idte, ratingTolerance)
		check(t, "Idle", p.listenerEcho(p.SignalToNoise()), v.idle, ratingTolerance)
		check(t, "Idd", PureDelay(v.ta), v.idd, ratingTolerance)
		check(t, "Id", p.Delay(), v.id, ratingTolerance)
		for _, m := range []struct {
			model  DelayModel
			r, mos float64
		}{{DelayG107, v.g107, v.g107MOS}, {DelayEchoFree, v.free, v.freeMOS}, {DelayClassic, v.classic, v.classicMOS}} {
			r := codec.Conversational(0, v.ta, m.model)
			check(t, "R", r, m.r, ratingTolerance)
			check(t, "MOS", NarrowBand.MOS(r), m.mos, scoreTolerance)
		}
	}
}

func TestNarrowBand(t *testing.T) {
	for _, v := range []struct {
		name                                          string
		ta, ie, bpl, loss, burst, advantage           float64
		ieff, lq, lqMOS, free, freeMOS, full, fullMOS float64
	}{
		{"1 G.711 PLC", 0, 0, 25.1, 0, 1, 0, 0, 93.200, 4.409, 93.200, 4.409, 93.206, 4.409},
		{"2 G.711 PLC", 0, 0, 25.1, 0.5, 1, 0, 1.8555, 91.345, 4.371, 91.345, 4.371, 91.351, 4.371},
		{"3 G.711 PLC", 0, 0, 25.1, 1, 1, 0, 3.6398, 89.560, 4.328, 89.560, 4.328, 89.566, 4.328},
		{"4 G.711 PLC", 0, 0, 25.1, 2, 1, 0, 7.0111, 86.189, 4.235, 86.189, 4.235, 86.195, 4.235},
		{"5 G.711 PLC", 0, 0, 25.1, 2, 2, 0, 7.2797, 85.920, 4.227, 85.920, 4.227, 85.927, 4.227},
		{"6 G.711 PLC", 0, 0, 25.1, 5, 1, 0, 15.7807, 77.419, 3.923, 77.419, 3.923, 77.425, 3.923},
		{"7 G.711 PLC", 0, 0, 25.1, 5, 3, 0, 17.7460, 75.454, 3.841, 75.454, 3.841, 75.460, 3.842},
		{"8 G.711 PLC", 0, 0, 25.1, 10, 1, 0, 27.0655, 66.134, 3.411, 66.134, 3.411, 66.141, 3.411},
		{"9 G.711 PLC", 0, 0, 25.1, 20, 1, 0, 42.1286, 51.071, 2.631, 51.071, 2.631, 51.078, 2.632},
		{"10 G.711 no PLC", 0, 0, 4.3, 1, 1, 0, 17.9245, 75.275, 3.834, 75.275, 3.834, 75.282, 3.834},
		{"11 G.711 no PLC", 0, 0, 4.3, 3, 1, 0, 39.0411, 54.159, 2.794, 54.159, 2.794, 54.165, 2.794},
		{"12 G.711 PLC", 150, 0, 25.1, 1, 1, 0, 3.6398, 89.560, 4.328, 89.397, 4.324, 85.899, 4.226},
		{"13 G.711 PLC", 250, 0, 25.1, 2, 1, 0, 7.0111, 86.189, 4.235, 77.272, 3.917, 72.166, 3.697},
		{"14 G.711 PLC", 400, 0, 25.1, 0, 1, 0, 0, 93.200, 4.409, 69.130, 3.556, 62.247, 3.216},
		{"15 G.729", 0, 10, 19, 0, 1, 0, 10, 83.200, 4.139, 83.200, 4.139, 83.206, 4.139},
		{"16 G.729A+VAD", 0, 11, 19, 0, 1, 0, 11, 82.200, 4.104, 82.200, 4.104, 82.206, 4.105},
		{"17 G.729A+VAD", 0, 11, 19, 2, 1, 0, 19.0000, 74.200, 3.787, 74.200, 3.787, 74.206, 3.788},
		{"18 G.729A+VAD", 100, 11, 19, 3, 1.5, 0, 23.0000, 70.200, 3.606, 70.200, 3.606, 67.664, 3.486},
		{"19 G.729A+VAD", 200, 11, 19, 5, 1, 0, 28.5000, 64.700, 3.340, 61.656, 3.185, 57.305, 2.960},
		{"20 G.723.1 6.3", 0, 15, 16.1, 0, 1, 0, 15, 78.200, 3.954, 78.200, 3.954, 78.206, 3.954},
		{"21 G.723.1 6.3", 120, 15, 16.1, 1, 1, 0, 19.6784, 73.522, 3.758, 73.520, 3.757, 70.586, 3.624},
		{"22 GSM-EFR", 0, 5, 10, 0, 1, 0, 5, 88.200, 4.292, 88.200, 4.292, 88.206, 4.293},
		{"23 GSM-EFR", 150, 5, 10, 3, 1, 0, 25.7692, 67.431, 3.474, 67.267, 3.466, 63.770, 3.293},
		{"24 GSM-FR", 0, 20, 10, 1, 1, 0, 26.8182, 66.382, 3.423, 66.382, 3.423, 66.388, 3.423},
		{"25 G.726-32", 0, 7, 10, 1, 1, 0, 15.0000, 78.200, 3.954, 78.200, 3.954, 78.206, 3.954},
		{"26 GSM-EFR, A = 10", 200, 5, 10, 1, 1, 10, 13.1818, 90.018, 4.339, 86.974, 4.258, 82.623, 4.119},
		{"27 G.711 PLC", 0, 0, 25.1, 100, 1, 0, 75.9392, 17.261, 1.177, 17.261, 1.177, 17.267, 1.177},
		{"28 G.726-16", 500, 50, 10, 20, 1, 0, 80.0000, 13.200, 1.087, -17.436, 1.000, -25.197, 1.000},
	} {
		t.Run(v.name, func(t *testing.T) {
			c := Codec{NarrowBand, v.ie, v.bpl}
			// The vectors apply the burst ratio whatever the codec: all with one have a Bpl of at least 16.
			ieff := c.Impairment(v.loss, v.burst)
			check(t, "Ie,eff", ieff, v.ieff, ratingTolerance)
			ieff -= v.advantage
			check(t, "R_LQ", c.Listening(ieff), v.lq, ratingTolerance)
			check(t, "MOS_LQ", NarrowBand.MOS(c.Listening(ieff)), v.lqMOS, scoreTolerance)
			check(t, "R_CQ free", c.conversational(ieff, v.ta, DelayEchoFree), v.free, ratingTolerance)
			check(t, "MOS_CQ free", NarrowBand.MOS(c.Conversational(ieff, v.ta, DelayEchoFree)), v.freeMOS, scoreTolerance)
			check(t, "R_CQ", c.conversational(ieff, v.ta, DelayG107), v.full, ratingTolerance)
			check(t, "MOS_CQ", NarrowBand.MOS(c.Conversational(ieff, v.ta, DelayG107)), v.fullMOS, scoreTolerance)
		})
	}
}

func TestWideBand(t *testing.T) {
	for _, v := range []struct {
		name                                    string
		ta, ie, bpl, loss                       float64
		idd, ieff, free, freeMOS, full, fullMOS float64
	}{
		{"clean", 0, 0, 4.3, 0, 0, 0, 129.000, 4.500, 128.846, 4.499},
		{"G.722-64", 0, 13, 4.3, 0, 0, 13.0000, 116.000, 4.337, 115.846, 4.334},
		{"G.722-64", 0, 13, 4.3, 1, 0, 28.4717, 100.528, 3.943, 100.375, 3.939},
		{"G.722-64", 150, 13, 4.3, 1, 0.2110, 28.4717, 100.317, 3.937, 98.950, 3.894},
		{"G.722-56", 0, 20, 4.3, 0, 0, 20, 109.000, 4.182, 108.846, 4.178},
		{"G.722-48", 0, 31, 4.3, 0, 0, 31, 98.000, 3.863, 97.846, 3.858},
		{"AMR-WB 12.65 diotic", 0, 20, 4.3, 2, 0, 43.8095, 85.190, 3.406, 85.037, 3.400},
		{"AMR-WB 23.85 monotic", 0, 8, 4.9, 0, 0, 8, 121.000, 4.421, 120.846, 4.418},
		{"AMR-WB 23.05 diotic", 200, 8, 4.6, 1, 3.9273, 23.5357, 101.537, 3.974, 99.909, 3.924},
		{"AMR-WB 6.6 monotic", 0, 41, 4.3, 0, 0, 41, 88.000, 3.512, 87.846, 3.507},
		{"G.711 bridged", 0, 35.8, 25.1, 0, 0, 35.8, 93.200, 3.701, 93.046, 3.695},
		{"G.711 bridged", 0, 35.8, 25.1, 1, 0, 38.0682, 90.932, 3.620, 90.778, 3.614},
	} {
		t.Run(v.name, func(t *testing.T) {
			c := Codec{WideBand, v.ie, v.bpl}
			ieff := c.Impairment(v.loss, 3) // bursts do not count here
			check(t, "Idd,WB", 1.29*PureDelay(v.ta), v.idd, ratingTolerance)
			check(t, "Ie,eff", ieff, v.ieff, ratingTolerance)
			free, full := c.Conversational(ieff, v.ta, DelayEchoFree), c.Conversational(ieff, v.ta, DelayG107)
			check(t, "R", free, v.free, ratingTolerance)
			check(t, "MOS", WideBand.MOS(free), v.freeMOS, scoreTolerance)
			check(t, "R full", full, v.full, ratingTolerance)
			check(t, "MOS full", WideBand.MOS(full), v.fullMOS, scoreTolerance)
		})
	}
}

func TestFullBand(t *testing.T) {
	for _, v := range []struct {
		name              string
		ta, ie, bpl, loss float64
		idd, ieff, r, mos float64
	}{
		{"clean", 0, 0, 9.6, 0, 0, 0, 148.000, 4.500},
		{"EVS-SWB 24.4", 0, 7.2, 11.4, 0, 0, 7.2000, 140.800, 4.444},
		{"EVS-SWB 24.4", 0, 7.2, 11.4, 1, 0, 17.2645, 130.735, 4.296},
		{"EVS-SWB 13.2", 0, 17.1, 11.7, 2, 0, 33.8737, 114.126, 3.910},
		{"EVS-SWB 9.6", 150, 22.7, 13, 3, 0.2420, 43.1937, 104.564, 3.627},
		{"Opus ~32 k (A)", 0, 8.7, 9.3, 1, 0, 20.6709, 127.329, 4.230},
		{"Opus ~32 k (A)", 200, 8.7, 9.3, 2, 4.5057, 30.5230, 112.971, 3.878},
		{"G.711 bridged", 0, 54.8, 25.1, 0, 0, 54.8, 93.200, 3.253},
		{"G.722-64 bridged", 0, 32, 4.3, 0, 0, 32, 116.000, 3.961},
	} {
		t.Run(v.name, func(t *testing.T) {
			c := Codec{FullBand, v.ie, v.bpl}
			ieff := c.Impairment(v.loss, 3)
			r := c.Conversational(ieff, v.ta, DelayEchoFree)
			check(t, "Idd,FB", 1.48*PureDelay(v.ta), v.idd, ratingTolerance)
			check(t, "Ie,eff", ieff, v.ieff, ratingTolerance)
			check(t, "R", r, v.r, ratingTolerance)
			check(t, "MOS", FullBand.MOS(r), v.mos, scoreTolerance)
		})
	}
}

func TestCommon(t *testing.T) {
	for _, v := range []struct {
		codec Codec
		r     float64
		mos   float64
		own   bool
	}{
		{Codec{NarrowBand, 0, 25.1}, 93.2, 3.253, false},
		{Codec{WideBand, 13, 4.3}, 116, 3.961, false},
		{Codec{FullBand, 7.2, 11.4}, 140.8, 4.444, true},
	} {
		full, bridged := v.codec.Common()
		r := full.Listening(full.Impairment(0, 1))
		check(t, "R", r, v.r, ratingTolerance)
		check(t, "MOS", full.Scale.MOS(r), v.mos, scoreTolerance)
		if bridged == v.own {
			t.Errorf("%v: bridged %v", v.codec, bridged)
		}
	}
}

// A codec that conceals badly gets nothing for bursts (spec §6.3).
func TestBurstsCountForRobustCodecsOnly(t *testing.T) {
	fragile, robust := Codec{NarrowBand, 0, 10}, Codec{NarrowBand, 0, 16}
	if fragile.Impairment(5, 4) != fragile.Impairment(5, 1) || robust.Impairment(5, 4) == robust.Impairment(5, 1) {
		t.Error("the burst ratio is applied to the wrong codecs")
	}
	if robust.Impairment(5, 20) != robust.Impairment(5, 8) || robust.Impairment(5, 0) != robust.Impairment(5, 1) {
		t.Error("the burst ratio is not clamped")
	}
}
