package tui

// actions is the key table: every key there is. Each place has a file of its
// own.
func actions() []Action {
	var all []Action
	for _, part := range []func() []Action{
		callActions, listActions, registrationActions, streamActions, statisticsActions, problemActions, captureActions, reopenActions,
		flowActions, flowDisplayActions, messageActions, diffActions, mediaActions, whyActions, filterActions,
		saveActions, folderActions, motionActions, tabActions, commonActions, settingActions, clearActions, paletteActions, dialogActions, questionActions,
	} {
		all = append(all, part()...)
	}
	return all
}
