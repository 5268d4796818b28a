package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// KindNotify is the kind of job that tells NotificationChannels.
const KindNotify = "NOTIFY"

// The kinds of NotificationHint.
const (
	HintFindings = "FINDINGS" // the findings of a project may have changed
	HintJob      = "JOB"      // a job has failed
)

const (
	// hintWindow is how long what happens to a project is gathered before anybody
	// is told, so that an upload makes one message.
	hintWindow = 30 * time.Second
	// kevWindow and scoreWindow are the same for new catalogues and scores, which
	// concern all projects.
	kevWindow   = 5 * time.Minute
	scoreWindow = time.Hour
)

// NotificationHint says that there may be news.
type NotificationHint struct {
	Kind      string
	Subject   int64 // the id of the project or of the job
	ProjectID int64 // 0: none
	Revision  int64 // grows each time that it is given
	Since     time.Time
}

func (s *NotificationHint) columns() []any {
	return []any{&s.Kind, &s.Subject, &s.ProjectID, &s.Revision, (*millis)(&s.Since)}
}

const upsertHint = `
	INSERT INTO notification_hint AS s (
		kind,
		subject,
		project_id,
		revision,
		since,
		due_at
	)
	SELECT
		'FINDINGS',
		project.id,
		project.id,
		1,
		CAST(? AS BIGINT),
		CAST(? AS BIGINT)
	FROM project
	WHERE {{where}} AND EXISTS (SELECT 1 FROM notification_channel AS c WHERE c.enabled)
	ON CONFLICT (kind, subject) DO UPDATE
	SET
		revision = s.revision + 1,
		due_at = CASE WHEN excluded.due_at < s.due_at THEN excluded.due_at ELSE s.due_at END`

// hintFindings notes that there may be news about the projects.
func (tx *Tx) hintFindings(ctx context.Context, projectIDs []int64) error {
	if len(projectIDs) == 0 {
		return nil
	}
	return tx.hint(ctx, `{{in project.id}}`, tx.now.Add(hintWindow), distinct(projectIDs))
}

// hintAll notes that there may be news about any project.
func (tx *Tx) hintAll(ctx context.Context, window time.Duration) error {
	return tx.hint(ctx, `project.deleted_at IS NULL`, tx.now.Add(window))
}

func (tx *Tx) hint(ctx context.Context, where string, due time.Time, args ...any) error {
	stmt := strings.Replace(upsertHint, "{{where}}", where, 1)
	if _, err := tx.exec(ctx, stmt, append([]any{tx.now, due}, args...)...); err != nil {
		return fmt.Errorf("store: hint at news: %w", err)
	}
	return nil
}

// hintFailure notes that a job has failed.
func (tx *Tx) hintFailure(ctx context.Context, j Job) error {
	_, err := tx.exec(ctx, `
		INSERT INTO notification_hint AS s (
			kind,
			subject,
			project_id,
			revision,
			since,
			due_at
		)
		SELECT
			'JOB',
			job.id,
			COALESCE(job.project_id, 0),
			1,
			CAST(? AS BIGINT),
			CAST(? AS BIGINT)
		FROM job
		WHERE job.id = ? AND job.kind <> 'NOTIFY' AND EXISTS (SELECT 1 FROM notification_channel AS c WHERE c.enabled)
		ON CONFLICT (kind, subject) DO UPDATE
		SET revision = s.revision + 1`, tx.now, tx.now.Add(hintWindow), j.ID)
	return err
}

// DueHints returns up to limit hints whose time has come, the oldest first;
// with one about a job come all about jobs of the same project.
func (r reads) DueHints(ctx context.Context, limit int) ([]NotificationHint, error) {
	now := r.clock()
	hints, err := selectRows[NotificationHint](ctx, r.conn, `
		SELECT
			n.kind,
			n.subject,
			n.project_id,
			n.revision,
			n.since
		FROM (
			SELECT
				s.kind,
				s.subject,
				s.project_id,
				s.revision,
				s.since,
				s.due_at
			FROM notification_hint AS s
			WHERE s.due_at <= ?
			UNION ALL
			SELECT
				o.kind,
				o.subject,
				o.project_id,
				o.revision,
				o.since,
				o.due_at
			FROM notification_hint AS o
			WHERE
				o.kind = 'JOB'
				AND o.due_at > ?
				AND o.project_id IN (
					SELECT s.project_id
					FROM notification_hint AS s
					WHERE s.kind = 'JOB' AND s.due_at <= ?
				)
		) AS n
		ORDER BY n.due_at, n.kind, n.subject
		LIMIT ?`, now, now, now, limit)
	if err != nil {
		return nil, fmt.Errorf("store: due hints: %w", err)
	}
	return hints, nil
}

// PutOffHint lets a hint wait until the time.
func (s *Store) PutOffHint(ctx context.Context, g NotificationHint, until time.Time) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		_, err := tx.exec(ctx, `
			UPDATE notification_hint
			SET due_at = ?
			WHERE kind = ? AND subject = ?`, until, g.Kind, g.Subject)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: put off hint: %w", err)
	}
	return nil
}

// NextNews returns when there is next something to look at, to gather or to send:
// the zero time when there is nothing.
func (r reads) NextNews(ctx context.Context) (time.Time, error) {
	times, err := selectInto(ctx, r.conn, func(t *time.Time) []any { return []any{(*millis)(t)} }, `
		SELECT MIN(n.due_at)
		FROM (
			SELECT MIN(s.due_at) AS due_at
			FROM notification_hint AS s
			UNION ALL
			SELECT MIN(p.due_at)
			FROM notification_part AS p
			UNION ALL
			SELECT MIN(d.next_at)
			FROM notification_delivery AS d
			JOIN notification_channel AS c ON c.id = d.channel_id
			WHERE d.state = 'PENDING' AND c.enabled
		) AS n`)
	if err == nil && len(times) == 0 {
		err = errors.New("no row")
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("store: next news: %w", err)
	}
	return times[0], nil
}

// BusyProjects returns those of the projects whose findings are about to change: a
// Bom is being ingested, or sources are being asked about one.
func (r reads) BusyProjects(ctx context.Context, projectIDs []int64) (map[int64]bool, error) {
	ids, err := selectInto(ctx, r.conn, func(id *int64) []any { return []any{id} }, `
		SELECT DISTINCT job.project_id
		FROM job
		WHERE
			{{in job.project_id}}
			AND {{in job.kind}}
			AND (job.state = 'RUNNING' OR job.state = 'QUEUED' AND job.attempts = 0)`,
		distinct(projectIDs), []string{KindIngestBom, "REFRESH"})
	if err != nil {
		return nil, fmt.Errorf("store: busy projects: %w", err)
	}
	busy := make(map[int64]bool, len(ids))
	for _, id := range ids {
		busy[id] = true
	}
	return busy, nil
}

// ShippedBom is a current Bom of a project.
type ShippedBom struct {
	BomID      int64
	Release    string // the version
	IngestedAt time.Time
}

// ShippedBoms returns the current Boms of a project, the newest release first.
func (r reads) ShippedBoms(ctx context.Context, projectID int64) ([]ShippedBom, error) {
	boms, err := selectInto(ctx, r.conn, func(b *ShippedBom) []any {
		return []any{&b.BomID, &b.Release, (*millis)(&b.IngestedAt)}
	}, `
		SELECT
			bom.id,
			release.version,
			bom.ingested_at
		FROM release
		JOIN bom ON bom.id = release.bom_id
		WHERE release.project_id = ? AND release.deleted_at IS NULL
		ORDER BY release.id DESC`, projectID)
	if err != nil {
		return nil, fmt.Errorf("store: current boms of project %d: %w", projectID, err)
	}
	return boms, nil
}

// ToldFinding is an id of a vulnerability of a package, of which somebody has been
// told.
type ToldFinding struct {
	ChannelID       int64
	Package, Member string
}

// Told returns what the channels have been told about a project.
func (r reads) Told(ctx context.Context, projectID int64, channelIDs []int64) (map[ToldFinding]bool, error) {
	rows, err := selectInto(ctx, r.conn, func(t *ToldFinding) []any { return []any{&t.ChannelID, &t.Package, &t.Member} }, `
		SELECT
			t.channel_id,
			t.package,
			t.member
		FROM notification_told AS t
		WHERE {{in t.channel_id}} AND t.project_id = ?`, channelIDs, projectID)
	if err != nil {
		return nil, fmt.Errorf("store: told about project %d: %w", projectID, err)
	}
	told := make(map[ToldFinding]bool, len(rows))
	for _, t := range rows {
		told[t] = true
	}
	return told, nil
}

// Unseen returns the channels that have not looked at the project yet.
func (r reads) Unseen(ctx context.Context, projectID int64) (map[int64]bool, error) {
	ids, err := selectInto(ctx, r.conn, func(id *int64) []any { return []any{id} }, `
		SELECT n.channel_id
		FROM notification_unseen AS n
		WHERE n.project_id = ?`, projectID)
	if err != nil {
		return nil, fmt.Errorf("store: channels that have not seen project %d: %w", projectID, err)
	}
	unseen := make(map[int64]bool, len(ids))
	for _, id := range ids {
		unseen[id] = true
	}
	return unseen, nil
}
