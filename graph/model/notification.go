package model

// NotificationChannel is somebody who is told of what is new.
type NotificationChannel struct {
	Key         int64
	ProjectKeys []int64 // empty: all
	Name        string
	Kind        NotificationChannelKind
	Target      string
	Secret      *string
	Enabled     bool
	Events      []NotificationEvent
	Cadence     NotificationCadence
	MinSeverity *SeverityRating
	KEVOnly     bool
	MinEPSS     float64
	Tags        []string
	CreatedAt   DateTime
	UpdatedAt   DateTime
}

// ID is the opaque id.
func (c *NotificationChannel) ID() string { return EncodeKey(KindNotificationChannel, c.Key) }

// IsNode marks a type that has a page of its own.
func (*NotificationChannel) IsNode() {}

// NotificationDelivery is a message to a channel.
type NotificationDelivery struct {
	MessageID     string
	Type          string
	Subject       string
	State         NotificationDeliveryState
	Attempts      int
	MaxAttempts   int
	ResponseCode  *int
	Error         *string
	CreatedAt     DateTime
	NextAttemptAt *DateTime
	EndedAt       *DateTime
}
