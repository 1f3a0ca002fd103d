package capture

import "time"

// A Stopper is a source that need not be cut off in the middle. After Stop,
// which any goroutine may call, Next hands out what had arrived by then and
// was only not read yet, followed by io.EOF. A file has nothing of that kind
// and ends at once.
type Stopper interface{ Stop() }

// A Leaver is a source that knows what it still holds. Leave ends it where it
// is and counts what had arrived before the stop, and Next has not handed out,
// as Drops.Queue: nothing is lost without being counted. The Drops are final
// after that, and Next returns io.EOF. It belongs to the goroutine that calls
// Next. Close still has to be called.
type Leaver interface{ Leave() }

// StopPatience is how long what had arrived may take to be handed out.
const StopPatience = time.Second
