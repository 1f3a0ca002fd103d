package report

import (
	"strconv"
	"strings"

	"sipsniff/correlate"
)

// newCSVRow is the row of a call, in the order of csvHead.
func newCSVRow(c *correlate.Call, streams map[int]*correlate.Stream) []string {
	j := newCall(c)
	row := []string{strconv.Itoa(c.Index), csvText(c.CallID)}
	for _, text := range []string{j.Method, j.From, j.To, j.FromDisplay, j.ToDisplay, j.RequestURI, j.Source, j.Destination, j.Transport, j.UserAgent,
		j.State, strings.Join(j.Flags, " "), j.Started, j.Answered, j.Ended, j.EndedBy} {
		row = append(row, csvText(text))
	}
	row = append(row, csvMillis(j.Ring), csvMillis(j.SessionRequestDelay), csvMillis(j.Setup), csvMillis(j.Duration),
		strconv.Itoa(j.Messages), strconv.Itoa(j.Retransmissions), strconv.Itoa(j.Duplicates),
		csvCount(uint64(j.FinalStatus), j.FinalStatus != 0), csvText(j.FinalReason), csvText(j.Cause))
	row = append(row, csvMedia(c, streams)...)
	return append(row, strconv.FormatBool(j.EncryptedMedia), csvMessages(c.MSRP), csvMillis(j.MOSMin), strconv.Itoa(c.LegCount()))
}

// csvMedia is streams, codec, packets, lost, loss_percent and jitter_ms.
func csvMedia(c *correlate.Call, streams map[int]*correlate.Stream) []string {
	var packets, lost uint64
	var worst *correlate.Stream
	count, lossKnown := 0, false
	for _, id := range c.StreamIDs {
		s := streams[id]
		if s == nil {
			continue
		}
		count++
		packets += s.Packets
		lost += s.Quality.Lost
		percent, ok := LossPercent(s)
		lossKnown = lossKnown || ok
		if before, known := lossOf(worst); worst == nil || ok && (!known || percent > before) {
			worst = s
		}
	}
	if worst == nil {
		return []string{"0", "", "", "", "", ""}
	}
	percent, ok := LossPercent(worst)
	return []string{
		strconv.Itoa(count), csvText(worst.Codec), csvCount(packets, true), csvCount(lost, lossKnown),
		csvFloat(round(percent), ok), csvFloat(round(worst.Quality.JitterMean), worst.Quality.HasJitter),
	}
}

func lossOf(s *correlate.Stream) (percent float64, ok bool) {
	if s == nil {
		return 0, false
	}
	return LossPercent(s)
}

func csvMessages(m *correlate.MSRP) string {
	if m == nil {
		return ""
	}
	return strconv.FormatUint(m.FromSource.Messages+m.FromDestination.Messages, 10)
}

// csvFindings are the codes of the findings, the verdict first.
func csvFindings(list []correlate.Finding) string {
	codes := make([]string, len(list))
	for i := range list {
		codes[i] = list[i].Code
	}
	return strings.Join(codes, " ")
}
