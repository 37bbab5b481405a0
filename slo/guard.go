package slo

// Guard keeps little traffic from raising alarms. The zero value guards
// nothing.
type Guard struct {
	// MinEvents is how many events a lookback needs, MinBad how many bad ones.
	MinEvents, MinBad float64
	// Confidence demands that the lower bound of the error ratio's interval
	// exceeds the threshold, 0.95 for example; 0 takes the ratio as it is.
	Confidence float64
}
