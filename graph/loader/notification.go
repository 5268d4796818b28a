package loader

import "loadline/store"

func (l *Loaders) ofChannels(s *store.Store) {
	l.ChannelByID = one(s.NotificationChannelsByIDs, func(c store.NotificationChannel) int64 { return c.ID })
	l.DeliveriesOfChannel = pages(s.DeliveriesOfChannels)
	l.CountDeliveries = each(s.CountDeliveries)
}
