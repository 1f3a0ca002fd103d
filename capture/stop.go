package capture

import "time"

// A Stopper is a source that need not be cut off in the middle. After Stop,
// which any goroutine may call, Next hands out what had arrived by then and
// was only not read yet, followed by io.EOF. A file has nothing of that kind
// and ends at once.
type Stopper interface{ Stop() }

// StopPatience is how long what had arrived may take to be handed out.
const StopPatience = time.Second
