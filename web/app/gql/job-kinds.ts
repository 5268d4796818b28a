export type JobKind = 'DELETE' | 'EXPORT' | 'INGEST_BOM' | 'NOTIFY' | 'PRUNE' | 'REFRESH' | 'SYNC';
