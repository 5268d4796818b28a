/* eslint-disable */
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment, as RFC 3339 in UTC: `2026-08-16T09:30:00Z`. */
  DateTime: { input: string; output: string; }
  /** A day, as RFC 3339: `2026-08-16`. */
  Date: { input: string; output: string; }
  /** A package URL: `pkg:npm/%40angular/core@17.0.0`. */
  PURL: { input: string; output: string; }
  /** A URI as in RFC 3986. */
  URI: { input: string; output: string; }
  /** A file in a multipart request. */
  Upload: { input: File; output: File; }
};

/** What can change about a record that affects a package version. */
export type ChangeKind =
  /** It affects the version now, and did not before. */
  | 'NEW'
  /** It still affects the version, and its severity or the version that fixes it is another. */
  | 'CHANGED'
  /** It affected the version, and does no longer: it was withdrawn, corrected or removed. */
  | 'GONE';

/** How far a Bom has come. */
export type BomState =
  /** Accepted and stored; its components are not in the database yet. */
  | 'PENDING'
  /** All its components are in the database. */
  | 'READY'
  /** It could not be brought in; its job says why. */
  | 'FAILED';

/** How a component is used in what is shipped. */
export type ComponentScope =
  /** Needed at run time. */
  | 'REQUIRED'
  /** Used where it is present. */
  | 'OPTIONAL'
  /** Part of the build or the tests, not of what is shipped. */
  | 'EXCLUDED';

/** What has been decided about a finding, in the words of VEX. */
export type FindingState =
  /** It affects the component, and nobody has decided anything else. */
  | 'OPEN'
  /** Somebody is looking into it. */
  | 'IN_TRIAGE'
  /** It can be exploited in what is shipped, and something has to be done. */
  | 'AFFECTED'
  /** It cannot be exploited in what is shipped; `justification` or `note` says why. */
  | 'NOT_AFFECTED'
  /** The record is wrong about the component: it does not have the vulnerability. */
  | 'FALSE_POSITIVE'
  /** It was ended in this very version, by a patch that the version does not show. */
  | 'FIXED'
  /** It can be exploited, and nothing will be done about it: the risk is accepted. */
  | 'ACCEPTED';

/** Where a decision holds. */
export type TriageScope =
  /** In all releases of the project, also in those to come. */
  | 'PROJECT'
  /** In the one release, whatever Bom it gets. There it goes before decisions about the project. */
  | 'RELEASE';

/** Why something is not affected: the words of CycloneDX and OpenVEX. */
export type TriageJustification =
  /** The component is listed and not part of what is shipped. */
  | 'COMPONENT_NOT_PRESENT'
  /** The vulnerable code has been removed, or was left out of the build. */
  | 'CODE_NOT_PRESENT'
  /** The vulnerable code is never run. */
  | 'CODE_NOT_REACHABLE'
  /** The vulnerable code is run, and no attacker can reach it with data of theirs. */
  | 'CODE_NOT_CONTROLLABLE'
  /** Only another configuration could be exploited. */
  | 'REQUIRES_CONFIGURATION'
  /** Only together with a dependency that is not there could it be exploited. */
  | 'REQUIRES_DEPENDENCY'
  /** Only in another environment could it be exploited. */
  | 'REQUIRES_ENVIRONMENT'
  /** The compiler's protection prevents it. */
  | 'PROTECTED_BY_COMPILER'
  /** Something prevents it at run time. */
  | 'PROTECTED_AT_RUNTIME'
  /** Something at the edge of the network prevents it. */
  | 'PROTECTED_AT_PERIMETER'
  /** Some other measure prevents it. */
  | 'PROTECTED_BY_MITIGATING_CONTROL';

/** What is done about a finding: the words of CycloneDX. */
export type TriageResponse =
  /** It cannot be fixed. */
  | 'CAN_NOT_FIX'
  /** It will not be fixed. */
  | 'WILL_NOT_FIX'
  /** Use a newer version. */
  | 'UPDATE'
  /** Use an older version. */
  | 'ROLLBACK'
  /** There is a way around it. */
  | 'WORKAROUND_AVAILABLE';

/** A severity in words, as CVSS defines them. */
export type SeverityRating =
  /** Score 0. */
  | 'NONE'
  /** Score 0.1 to 3.9. */
  | 'LOW'
  /** Score 4.0 to 6.9. */
  | 'MEDIUM'
  /** Score 7.0 to 8.9. */
  | 'HIGH'
  /** Score 9.0 to 10.0. */
  | 'CRITICAL';

/** Where facts come from. */
export type Source =
  /** osv.dev: which vulnerabilities affect a package version, and their records. */
  | 'OSV'
  /** FIRST EPSS: how likely a vulnerability is to be exploited. */
  | 'EPSS'
  /** CISA KEV: which vulnerabilities are known to be exploited. */
  | 'KEV'
  /** deps.dev: the versions of packages and when they were published. */
  | 'DEPS_DEV'
  /** endoflife.date: until when the releases of a product are maintained; known from a mirror alone. */
  | 'END_OF_LIFE';

/** What stands behind a fact. */
export type SourceState =
  /** The source said so, recently enough to rely on. */
  | 'FRESH'
  /** The source said so at `asOf`, longer ago than it should be; it could not be asked again. */
  | 'STALE'
  /** The source could not be asked, or has not been yet, and nothing is stored; `reason` says why. */
  | 'UNAVAILABLE'
  /** The source has been asked, or need not be, and does not cover this object. */
  | 'NOT_COVERED'
  /** The question makes no sense for this object, such as EPSS for a vulnerability without a CVE id. */
  | 'NOT_APPLICABLE';

/** Whether a source answers. */
export type Health =
  /** The last call succeeded. */
  | 'UP'
  /** Calls fail now and then, or the source asked for fewer of them. */
  | 'DEGRADED'
  /** Calls fail, and are not even tried for a while. */
  | 'DOWN'
  /** It has not been asked since this process started. */
  | 'UNKNOWN'
  /** It is never asked: the server runs offline. */
  | 'OFF';

/** How far a job is. */
export type JobState =
  /** Waiting for its turn, or for its next try. */
  | 'QUEUED'
  /** At work. */
  | 'RUNNING'
  /** Done. */
  | 'SUCCEEDED'
  /** Given up; `error` says why. */
  | 'FAILED'
  /** Stopped because somebody asked for it. */
  | 'CANCELLED';

/** How a channel is told. */
export type NotificationChannelKind =
  /** By an HTTP request with JSON, signed as standard-webhooks has it: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
  | 'WEBHOOK'
  /** By an incoming webhook of Slack, or of what takes the same. */
  | 'SLACK'
  /** By e-mail. */
  | 'EMAIL';

/** What a channel can be told of. */
export type NotificationEvent =
  /** A project is affected by what it was not affected by before. */
  | 'NEW_FINDINGS'
  /** A job has been given up. */
  | 'JOB_FAILED';

/** When a channel is told. */
export type NotificationCadence =
  /** Within a minute, and at most once a minute: what is new about several projects by then is one message. */
  | 'AT_ONCE'
  /** At each full hour, in one message, if there is anything. */
  | 'HOURLY'
  /** At each midnight in UTC, in one message, if there is anything. */
  | 'DAILY';

/** How far a message has come. */
export type NotificationDeliveryState =
  /** It is to be sent, or sent again. */
  | 'PENDING'
  /** It has been taken. */
  | 'DELIVERED'
  /** It was given up. */
  | 'FAILED';

/** Conditions on projects. */
export type ProjectFilter = {
  /** The name contains this text, in any letter case. */
  readonly nameContains?: InputMaybe<Scalars['String']['input']>;
  /** The project has this tag. */
  readonly tag?: InputMaybe<Scalars['String']['input']>;
};

/** Conditions on components. */
export type ComponentFilter = {
  /** The name or the purl contains this text, in any letter case. */
  readonly nameContains?: InputMaybe<Scalars['String']['input']>;
  /** Only direct dependencies of the release, or only the others. Components of which that is not known pass neither. */
  readonly direct?: InputMaybe<Scalars['Boolean']['input']>;
  /** The purl has this type, such as `npm`. */
  readonly purlType?: InputMaybe<Scalars['String']['input']>;
};

/** Conditions on findings. */
export type FindingFilter = {
  /** The vulnerability has one of these severities. One that no record rates passes none. */
  readonly severity?: InputMaybe<ReadonlyArray<SeverityRating>>;
  /** The vulnerability is, or is not, known to be exploited. `false` also lets pass what KEV could not be asked about. */
  readonly kev?: InputMaybe<Scalars['Boolean']['input']>;
  /** EPSS gives at least this probability, 0 to 1. What has no score does not pass, even at 0. */
  readonly minEpss?: InputMaybe<Scalars['Float']['input']>;
  /** Some version is, or is not, known to end the finding. */
  readonly fixable?: InputMaybe<Scalars['Boolean']['input']>;
  /** The finding is in one of these states. */
  readonly state?: InputMaybe<ReadonlyArray<FindingState>>;
  /** Only direct dependencies of the release, or only the others. Components of which that is not known pass neither. */
  readonly direct?: InputMaybe<Scalars['Boolean']['input']>;
  /** The component's purl contains this text, in any letter case. */
  readonly package?: InputMaybe<Scalars['String']['input']>;
  /** One of the vulnerability's ids or its summary contains this text, in any letter case. */
  readonly vulnerability?: InputMaybe<Scalars['String']['input']>;
};

/** Which of what is shipped. */
export type Shipped = {
  /** Only the project with this name. */
  readonly project?: InputMaybe<Scalars['String']['input']>;
  /** Only projects that have this tag. */
  readonly tag?: InputMaybe<Scalars['String']['input']>;
  /** Which releases of a project. */
  readonly releases?: ReleaseChoice;
};

/** Which releases of a project. */
export type ReleaseChoice =
  /** The one whose current Bom was ingested last. */
  | 'LATEST'
  /** All that have a Bom. */
  | 'ALL';

/** How findings are ordered. */
export type FindingOrder = {
  /** What they are ordered by. */
  readonly field: FindingOrderField;
  /** Which end comes first; by default `DESC`, and `ASC` for `PACKAGE`. */
  readonly direction?: InputMaybe<OrderDirection>;
};

/** What findings can be ordered by. */
export type FindingOrderField =
  /** How urgent they are, as `Finding.priority` says. */
  | 'PRIORITY'
  /** The severity's score, for a word alone the lowest that it stands for. What no record rates comes last in `DESC`. */
  | 'SEVERITY'
  /** EPSS's probability. What has none comes last in `DESC`. */
  | 'EPSS'
  /** When the vulnerability was published. What no record dates comes last in `DESC`. */
  | 'PUBLISHED'
  /** The component's purl. */
  | 'PACKAGE';

/** Which end of a list comes first. */
export type OrderDirection =
  /** The lowest, the oldest, the first by alphabet. */
  | 'ASC'
  /** The highest, the newest, the last by alphabet. */
  | 'DESC';

/** What `triageFinding` needs. */
export type TriageFindingInput = {
  /** The finding's id. */
  readonly id: Scalars['ID']['input'];
  /** What is decided. `OPEN` takes a decision back. */
  readonly state: FindingState;
  /** Why it is not affected; only with `NOT_AFFECTED`, which needs this or `note`. */
  readonly justification?: InputMaybe<TriageJustification>;
  /** What is done about it. */
  readonly response?: InputMaybe<ReadonlyArray<TriageResponse>>;
  /** Why, in your words: at most 10,000 characters. `ACCEPTED` and `FALSE_POSITIVE` need it. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** Who decides, for the record: at most 200 characters. */
  readonly by?: InputMaybe<Scalars['String']['input']>;
  /** Where it holds. */
  readonly scope?: TriageScope;
  /** Whether it holds only for the version of the package that the component has now. `FIXED` always does: it is about that very version. */
  readonly onlyThisVersion?: Scalars['Boolean']['input'];
};

/** What `triageFindings` needs. */
export type TriageFindingsInput = {
  /** The findings' ids: 1 to 100. */
  readonly ids: ReadonlyArray<Scalars['ID']['input']>;
  /** What is decided. `OPEN` takes decisions back. */
  readonly state: FindingState;
  /** Why they are not affected; only with `NOT_AFFECTED`, which needs this or `note`. */
  readonly justification?: InputMaybe<TriageJustification>;
  /** What is done about them. */
  readonly response?: InputMaybe<ReadonlyArray<TriageResponse>>;
  /** Why, in your words: at most 10,000 characters. `ACCEPTED` and `FALSE_POSITIVE` need it. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** Who decides, for the record: at most 200 characters. */
  readonly by?: InputMaybe<Scalars['String']['input']>;
  /** Where it holds. */
  readonly scope?: TriageScope;
  /** Whether it holds only for the versions of the packages that the components have now. `FIXED` always does: it is about those very versions. */
  readonly onlyThisVersion?: Scalars['Boolean']['input'];
};

/** Conditions on jobs. */
export type JobFilter = {
  /** The job is in one of these states. */
  readonly states?: InputMaybe<ReadonlyArray<JobState>>;
  /** The job is of one of these kinds, as `Job.kind` names them. At most 100. */
  readonly kinds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The job is about the project with this name. */
  readonly project?: InputMaybe<Scalars['String']['input']>;
};

/** What `createProject` needs. */
export type CreateProjectInput = {
  /** The unique name: 1 to 200 characters that can be seen, without spaces at its ends. */
  readonly name: Scalars['String']['input'];
  /** Free words for grouping: at most 50, each of 1 to 100 characters that can be seen. Repeats and spaces at their ends are dropped. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What `renameProject` needs. */
export type RenameProjectInput = {
  /** The project's id. */
  readonly id: Scalars['ID']['input'];
  /** The new name: 1 to 200 characters that can be seen, without spaces at its ends. */
  readonly name: Scalars['String']['input'];
};

/** What `tagProject` needs. */
export type TagProjectInput = {
  /** The project's id. */
  readonly id: Scalars['ID']['input'];
  /** All tags from now on: at most 50, each of 1 to 100 characters that can be seen. Repeats and spaces at their ends are dropped. Empty: none. */
  readonly tags: ReadonlyArray<Scalars['String']['input']>;
};

/** What `deleteProject` needs. */
export type DeleteProjectInput = {
  /** The project's id. */
  readonly id: Scalars['ID']['input'];
};

/** What `createRelease` needs. */
export type CreateReleaseInput = {
  /** The project's id. */
  readonly project: Scalars['ID']['input'];
  /** The version: unique in the project, 1 to 200 characters that can be seen, without spaces at its ends. */
  readonly version: Scalars['String']['input'];
  /** Free words for grouping: at most 50, each of 1 to 100 characters that can be seen. Repeats and spaces at their ends are dropped. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What `renameRelease` needs. */
export type RenameReleaseInput = {
  /** The release's id. */
  readonly id: Scalars['ID']['input'];
  /** The new version: unique in the project, 1 to 200 characters that can be seen, without spaces at its ends. */
  readonly version: Scalars['String']['input'];
};

/** What `tagRelease` needs. */
export type TagReleaseInput = {
  /** The release's id. */
  readonly id: Scalars['ID']['input'];
  /** All tags from now on: at most 50, each of 1 to 100 characters that can be seen. Repeats and spaces at their ends are dropped. Empty: none. */
  readonly tags: ReadonlyArray<Scalars['String']['input']>;
};

/** What `deleteRelease` needs. */
export type DeleteReleaseInput = {
  /** The release's id. */
  readonly id: Scalars['ID']['input'];
};

/** What `ingestBom` needs: one of `file` and `content`. */
export type IngestBomInput = {
  /** The project's name, as `createProject` takes it. The project is created when there is none of this name. */
  readonly project: Scalars['String']['input'];
  /** The release's version, as `createRelease` takes it. The release is created when there is none of this version. */
  readonly release: Scalars['String']['input'];
  /** The document as a multipart upload: CycloneDX, SPDX or a lockfile, plain or gzip; as large as the server allows, by default 256 MiB. */
  readonly file?: InputMaybe<Scalars['Upload']['input']>;
  /** The document as text, for clients that cannot upload; the request that it is part of has at most 32 MiB. */
  readonly content?: InputMaybe<Scalars['String']['input']>;
  /** The name of the document's file. It helps where content alone does not tell the format; with `file` the upload's own name is used. */
  readonly fileName?: InputMaybe<Scalars['String']['input']>;
};

/** What `exportBom` needs. */
export type ExportBomInput = {
  /** The Bom's id. It must be `READY`. */
  readonly bom: Scalars['ID']['input'];
};

/** What `cancelJob` needs. */
export type CancelJobInput = {
  /** The job's id. */
  readonly id: Scalars['ID']['input'];
};

/** What `retryJob` needs. */
export type RetryJobInput = {
  /** The job's id. */
  readonly id: Scalars['ID']['input'];
};

/** What `createNotificationChannel` needs. */
export type CreateNotificationChannelInput = {
  /** The unique name: 1 to 200 characters that can be seen, without spaces at its ends. */
  readonly name: Scalars['String']['input'];
  /** How it is told. */
  readonly kind: NotificationChannelKind;
  /** Where it is: a URL of at most 2,000 bytes, or for `EMAIL` up to 20 addresses with commas between them. Addresses of this machine and of private networks are refused unless the server allows them. */
  readonly target: Scalars['String']['input'];
  /** What its webhooks are signed with: `whsec_` and 24 to 64 bytes in base64. Left out, one is made. Only for `WEBHOOK`. */
  readonly secret?: InputMaybe<Scalars['String']['input']>;
  /** What it is told of: at least one kind of event. */
  readonly events?: ReadonlyArray<NotificationEvent>;
  /** When it is told. */
  readonly cadence?: NotificationCadence;
  /** Whether it is told anything. */
  readonly enabled?: Scalars['Boolean']['input'];
  /** Only findings that are at least this severe. */
  readonly minSeverity?: InputMaybe<SeverityRating>;
  /** Only findings that are known to be exploited. */
  readonly kevOnly?: Scalars['Boolean']['input'];
  /** Only findings to which EPSS gives at least this probability, 0 to 1. 0: any. */
  readonly minEpss?: Scalars['Float']['input'];
  /** Only what is about these projects: at most 50 ids. Empty: all. */
  readonly projects?: ReadonlyArray<Scalars['ID']['input']>;
  /** Only what is about projects with one of these tags: at most 50, each of 1 to 100 characters. Empty: any. */
  readonly tags?: ReadonlyArray<Scalars['String']['input']>;
};

/** What `updateNotificationChannel` needs. */
export type UpdateNotificationChannelInput = {
  /** The channel's id. */
  readonly id: Scalars['ID']['input'];
  /** The new name: 1 to 200 characters that can be seen, without spaces at its ends. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Where it is from now on, as `createNotificationChannel` takes it. */
  readonly target?: InputMaybe<Scalars['String']['input']>;
  /** Whether its webhooks get another secret, which the answer has. The old one does not count any more. */
  readonly newSecret?: Scalars['Boolean']['input'];
  /** All that it is told of from now on: at least one kind of event. */
  readonly events?: InputMaybe<ReadonlyArray<NotificationEvent>>;
  /** When it is told. */
  readonly cadence?: InputMaybe<NotificationCadence>;
  /** Whether it is told anything. */
  readonly enabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only findings that are at least this severe. Null, where it is given: any. */
  readonly minSeverity?: InputMaybe<SeverityRating>;
  /** Only findings that are known to be exploited. */
  readonly kevOnly?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only findings to which EPSS gives at least this probability, 0 to 1. 0: any. */
  readonly minEpss?: InputMaybe<Scalars['Float']['input']>;
  /** Only what is about these projects from now on: at most 50 ids. Empty: all. */
  readonly projects?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Only what is about projects with one of these tags from now on: at most 50, each of 1 to 100 characters. Empty: any. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What `deleteNotificationChannel` needs. */
export type DeleteNotificationChannelInput = {
  /** The channel's id. */
  readonly id: Scalars['ID']['input'];
};

/** What `testNotificationChannel` needs. */
export type TestNotificationChannelInput = {
  /** The channel's id. */
  readonly id: Scalars['ID']['input'];
};

/** The kinds of refusal. */
export type UserErrorCode =
  /** The value is missing, too long, or not of the kind asked for. */
  | 'INVALID'
  /** Nothing has this id. */
  | 'NOT_FOUND'
  /** Something else has this name or version already. */
  | 'TAKEN'
  /** The document's format is not one that can be read. */
  | 'UNSUPPORTED_FORMAT'
  /** The document is damaged or breaks the rules of its format. */
  | 'MALFORMED_DOCUMENT'
  /** The document is larger than this server accepts. */
  | 'TOO_LARGE'
  /** The object is in a state in which this cannot be done. */
  | 'WRONG_STATE'
  /** The server has too much to do; try again in a moment. */
  | 'BUSY';

export type CreateChannelMutationVariables = Exact<{
  input: CreateNotificationChannelInput;
}>;


export type CreateChannelMutation = { readonly __typename?: 'Mutation', readonly createNotificationChannel: { readonly __typename: 'CreateNotificationChannelPayload', readonly secret: string | null, readonly channel: (
      { readonly __typename: 'NotificationChannel', readonly id: string }
      & { ' $fragmentRefs'?: { 'ChannelRowFragment': ChannelRowFragment } }
    ) | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly field: ReadonlyArray<string>, readonly message: string }> } };

export type UpdateChannelMutationVariables = Exact<{
  input: UpdateNotificationChannelInput;
}>;


export type UpdateChannelMutation = { readonly __typename?: 'Mutation', readonly updateNotificationChannel: { readonly __typename: 'UpdateNotificationChannelPayload', readonly secret: string | null, readonly channel: (
      { readonly __typename: 'NotificationChannel', readonly id: string }
      & { ' $fragmentRefs'?: { 'ChannelRowFragment': ChannelRowFragment } }
    ) | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly field: ReadonlyArray<string>, readonly message: string }> } };

export type ChannelProjectQueryVariables = Exact<{
  name: Scalars['String']['input'];
}>;


export type ChannelProjectQuery = { readonly __typename?: 'Query', readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string } | null };

export type ChannelLogQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ChannelLogQuery = { readonly __typename?: 'Query', readonly node:
    | { readonly __typename: 'Project', readonly id: string }
    | { readonly __typename: 'Release', readonly id: string }
    | { readonly __typename: 'Bom', readonly id: string }
    | { readonly __typename: 'Component', readonly id: string }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
    | { readonly __typename: 'NotificationChannel', readonly id: string, readonly deliveries: { readonly __typename: 'NotificationDeliveryConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'NotificationDeliveryEdge', readonly node: { readonly __typename: 'NotificationDelivery', readonly messageId: string, readonly subject: string, readonly state: NotificationDeliveryState, readonly attempts: number, readonly maxAttempts: number, readonly responseCode: number | null, readonly error: string | null, readonly createdAt: string, readonly nextAttemptAt: string | null } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } }
   | null };

export type ComponentQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ComponentQuery = { readonly __typename?: 'Query', readonly node:
    | { readonly __typename: 'Project', readonly id: string }
    | { readonly __typename: 'Release', readonly id: string }
    | { readonly __typename: 'Bom', readonly id: string }
    | { readonly __typename: 'Component', readonly name: string, readonly version: string | null, readonly purl: string | null, readonly type: string, readonly scope: ComponentScope | null, readonly direct: boolean | null, readonly ref: string, readonly id: string, readonly licenses: ReadonlyArray<{ readonly __typename: 'License', readonly expression: string, readonly url: string | null }>, readonly hashes: ReadonlyArray<{ readonly __typename: 'Hash', readonly algorithm: string, readonly value: string }>, readonly release: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string } }, readonly dependencies: { readonly __typename: 'ComponentConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ComponentEdge', readonly node: { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
    | { readonly __typename: 'NotificationChannel', readonly id: string }
   | null };

export type ComponentFindingsQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ComponentFindingsQuery = { readonly __typename?: 'Query', readonly node:
    | { readonly __typename: 'Project', readonly id: string }
    | { readonly __typename: 'Release', readonly id: string }
    | { readonly __typename: 'Bom', readonly id: string }
    | { readonly __typename: 'Component', readonly id: string, readonly findings: ReadonlyArray<(
        { readonly __typename: 'Finding', readonly id: string }
        & { ' $fragmentRefs'?: { 'FindingRowFragment': FindingRowFragment } }
      )> | null, readonly sourceStatus: ReadonlyArray<(
        { readonly __typename: 'SourceStatus' }
        & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
      )>, readonly package: { readonly __typename: 'Package', readonly id: string, readonly purl: string, readonly latestVersion: { readonly __typename: 'PackageVersion', readonly purl: string, readonly version: string, readonly publishedAt: string | null } | null, readonly sourceStatus: ReadonlyArray<(
          { readonly __typename: 'SourceStatus' }
          & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
        )> } | null }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
    | { readonly __typename: 'NotificationChannel', readonly id: string }
   | null };

export type ComponentWaysQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ComponentWaysQuery = { readonly __typename?: 'Query', readonly node:
    | { readonly __typename: 'Project', readonly id: string }
    | { readonly __typename: 'Release', readonly id: string }
    | { readonly __typename: 'Bom', readonly id: string }
    | { readonly __typename: 'Component', readonly id: string, readonly release: { readonly __typename: 'Release', readonly id: string, readonly dependencyGraph: { readonly __typename: 'DependencyGraph', readonly truncated: boolean, readonly hiddenCount: number, readonly nodes: ReadonlyArray<{ readonly __typename: 'DependencyNode', readonly component: { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null, readonly direct: boolean | null } }>, readonly edges: ReadonlyArray<{ readonly __typename: 'DependencyLink', readonly from: string, readonly to: string }> } } }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
    | { readonly __typename: 'NotificationChannel', readonly id: string }
   | null };

export type JobsQueryVariables = Exact<{
  filter?: InputMaybe<JobFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type JobsQuery = { readonly __typename?: 'Query', readonly jobs: { readonly __typename: 'JobConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'JobEdge', readonly node: (
        { readonly __typename: 'Job', readonly id: string }
        & { ' $fragmentRefs'?: { 'JobRowFragment': JobRowFragment } }
      ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type JobRowFragment = (
  { readonly __typename: 'Job', readonly id: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly runAt: string, readonly cancelAsked: boolean, readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string } | null, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly fileName: string | null, readonly release: { readonly __typename: 'Release', readonly id: string, readonly version: string } } | null }
  & { ' $fragmentRefs'?: { 'JobStateFragment': JobStateFragment } }
) & { ' $fragmentName'?: 'JobRowFragment' };

export type JobChangesSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type JobChangesSubscription = { readonly __typename?: 'Subscription', readonly jobProgress: (
    { readonly __typename: 'Job', readonly id: string }
    & { ' $fragmentRefs'?: { 'JobRowFragment': JobRowFragment } }
  ) };

export type CancelJobMutationVariables = Exact<{
  input: CancelJobInput;
}>;


export type CancelJobMutation = { readonly __typename?: 'Mutation', readonly cancelJob: { readonly __typename: 'CancelJobPayload', readonly job: (
      { readonly __typename: 'Job', readonly id: string }
      & { ' $fragmentRefs'?: { 'JobRowFragment': JobRowFragment } }
    ) | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly message: string }> } };

export type RetryJobMutationVariables = Exact<{
  input: RetryJobInput;
}>;


export type RetryJobMutation = { readonly __typename?: 'Mutation', readonly retryJob: { readonly __typename: 'RetryJobPayload', readonly job: (
      { readonly __typename: 'Job', readonly id: string }
      & { ' $fragmentRefs'?: { 'JobRowFragment': JobRowFragment } }
    ) | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly message: string }> } };

export type ChannelsQueryVariables = Exact<{
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ChannelsQuery = { readonly __typename?: 'Query', readonly notificationChannels: { readonly __typename: 'NotificationChannelConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'NotificationChannelEdge', readonly node: (
        { readonly __typename: 'NotificationChannel', readonly id: string }
        & { ' $fragmentRefs'?: { 'ChannelRowFragment': ChannelRowFragment } }
      ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type ChannelRowFragment = { readonly __typename: 'NotificationChannel', readonly id: string, readonly name: string, readonly kind: NotificationChannelKind, readonly target: string, readonly secret: string | null, readonly enabled: boolean, readonly events: ReadonlyArray<NotificationEvent>, readonly cadence: NotificationCadence, readonly minSeverity: SeverityRating | null, readonly kevOnly: boolean, readonly minEpss: number, readonly tags: ReadonlyArray<string>, readonly projects: ReadonlyArray<{ readonly __typename: 'Project', readonly id: string, readonly name: string }> } & { ' $fragmentName'?: 'ChannelRowFragment' };

export type EnableChannelMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  enabled: Scalars['Boolean']['input'];
}>;


export type EnableChannelMutation = { readonly __typename?: 'Mutation', readonly updateNotificationChannel: { readonly __typename: 'UpdateNotificationChannelPayload', readonly channel: { readonly __typename: 'NotificationChannel', readonly id: string, readonly enabled: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly message: string }> } };

export type DeleteChannelMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type DeleteChannelMutation = { readonly __typename?: 'Mutation', readonly deleteNotificationChannel: { readonly __typename: 'DeleteNotificationChannelPayload', readonly deletedId: string | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly message: string }> } };

export type TestChannelMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type TestChannelMutation = { readonly __typename?: 'Mutation', readonly testNotificationChannel: { readonly __typename: 'TestNotificationChannelPayload', readonly delivery: { readonly __typename: 'NotificationDelivery', readonly state: NotificationDeliveryState, readonly responseCode: number | null, readonly error: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly message: string }> } };

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { readonly __typename?: 'Query', readonly projects: { readonly __typename: 'ProjectConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ProjectEdge', readonly node: (
        { readonly __typename: 'Project', readonly id: string }
        & { ' $fragmentRefs'?: { 'ProjectRowFragment': ProjectRowFragment } }
      ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } }, readonly sources: ReadonlyArray<{ readonly __typename: 'SourceHealth', readonly source: Source, readonly health: Health, readonly lastSuccessAt: string | null }> };

export type PortfolioQueryVariables = Exact<{ [key: string]: never; }>;


export type PortfolioQuery = { readonly __typename?: 'Query', readonly findingCounts: (
    { readonly __typename: 'FindingCounts' }
    & { ' $fragmentRefs'?: { 'CountPartsFragment': CountPartsFragment } }
  ), readonly trend: ReadonlyArray<(
    { readonly __typename: 'TrendPoint' }
    & { ' $fragmentRefs'?: { 'TrendPartsFragment': TrendPartsFragment } }
  )>, readonly fixFirst: { readonly __typename: 'UpgradeConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'UpgradeEdge', readonly node: { readonly __typename: 'Upgrade', readonly from: ReadonlyArray<string>, readonly to: string, readonly priority: number, readonly findingCount: number, readonly vulnerabilityCount: number, readonly kevCount: number, readonly releaseCount: number, readonly package: { readonly __typename: 'Package', readonly id: string, readonly purl: string, readonly name: string } } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } }, readonly findings: { readonly __typename: 'FindingConnection', readonly coverage: { readonly __typename: 'FindingCoverage', readonly components: number, readonly known: number, readonly complete: boolean, readonly sources: ReadonlyArray<{ readonly __typename: 'SourceCoverage', readonly source: Source, readonly state: SourceState, readonly components: number, readonly vulnerabilities: number, readonly asOf: string | null, readonly reason: string | null }> } } };

export type PackageQueryVariables = Exact<{
  purl: Scalars['PURL']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PackageQuery = { readonly __typename?: 'Query', readonly package: { readonly __typename: 'Package', readonly id: string, readonly purl: string, readonly type: string, readonly name: string, readonly ecosystem: string | null, readonly latestVersion: { readonly __typename: 'PackageVersion', readonly purl: string, readonly version: string, readonly publishedAt: string | null } | null, readonly sourceStatus: ReadonlyArray<(
      { readonly __typename: 'SourceStatus' }
      & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
    )>, readonly components: { readonly __typename: 'ComponentConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ComponentEdge', readonly node: (
          { readonly __typename: 'Component', readonly id: string }
          & { ' $fragmentRefs'?: { 'PackageUseFragment': PackageUseFragment } }
        ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null };

export type PackageUseFragment = { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null, readonly direct: boolean | null, readonly release: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string } }, readonly findings: ReadonlyArray<{ readonly __typename: 'Finding', readonly id: string, readonly vulnerability: { readonly __typename: 'Vulnerability', readonly id: string, readonly severity: { readonly __typename: 'Severity', readonly rating: SeverityRating } | null } }> | null, readonly sourceStatus: ReadonlyArray<(
    { readonly __typename: 'SourceStatus' }
    & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
  )> } & { ' $fragmentName'?: 'PackageUseFragment' };

export type ProjectQueryVariables = Exact<{
  name: Scalars['String']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ProjectQuery = { readonly __typename?: 'Query', readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly releases: { readonly __typename: 'ReleaseConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ReleaseEdge', readonly node: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly createdAt: string, readonly tags: ReadonlyArray<string>, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly format: string, readonly specVersion: string | null, readonly tool: string | null, readonly componentCount: number, readonly ingestedAt: string } | null } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null };

export type ProjectsQueryVariables = Exact<{
  filter?: InputMaybe<ProjectFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ProjectsQuery = { readonly __typename?: 'Query', readonly projects: { readonly __typename: 'ProjectConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ProjectEdge', readonly node: (
        { readonly __typename: 'Project', readonly id: string }
        & { ' $fragmentRefs'?: { 'ProjectRowFragment': ProjectRowFragment } }
      ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type ReleaseQueryVariables = Exact<{
  project: Scalars['String']['input'];
  version: Scalars['String']['input'];
}>;


export type ReleaseQuery = { readonly __typename?: 'Query', readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string, readonly release: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly findingCounts: (
        { readonly __typename: 'FindingCounts' }
        & { ' $fragmentRefs'?: { 'CountPartsFragment': CountPartsFragment } }
      ), readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly format: string, readonly specVersion: string | null, readonly encoding: string, readonly tool: string | null, readonly digest: string, readonly size: number, readonly fileName: string | null, readonly documentedAt: string | null, readonly ingestedAt: string, readonly ingestedBy: string | null, readonly componentCount: number, readonly dependencyCount: number, readonly warnings: { readonly __typename: 'BomWarningConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'BomWarningEdge', readonly node: { readonly __typename: 'BomWarning', readonly code: string, readonly location: string, readonly message: string } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null } | null } | null };

export type ReleaseCoverageQueryVariables = Exact<{
  project: Scalars['String']['input'];
  version: Scalars['String']['input'];
}>;


export type ReleaseCoverageQuery = { readonly __typename?: 'Query', readonly release: { readonly __typename: 'Release', readonly id: string, readonly findings: { readonly __typename: 'FindingConnection', readonly counts: (
        { readonly __typename: 'FindingCounts' }
        & { ' $fragmentRefs'?: { 'CountPartsFragment': CountPartsFragment } }
      ), readonly coverage: { readonly __typename: 'FindingCoverage', readonly components: number, readonly known: number, readonly complete: boolean, readonly sources: ReadonlyArray<{ readonly __typename: 'SourceCoverage', readonly source: Source, readonly state: SourceState, readonly components: number, readonly vulnerabilities: number, readonly asOf: string | null, readonly reason: string | null }> } } } | null };

export type ComponentRowFragment = { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null, readonly purl: string | null, readonly type: string, readonly scope: ComponentScope | null, readonly direct: boolean | null, readonly licenses: ReadonlyArray<{ readonly __typename: 'License', readonly expression: string }> } & { ' $fragmentName'?: 'ComponentRowFragment' };

export type ReleaseComponentsQueryVariables = Exact<{
  project: Scalars['String']['input'];
  version: Scalars['String']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ReleaseComponentsQuery = { readonly __typename?: 'Query', readonly release: { readonly __typename: 'Release', readonly id: string, readonly components: { readonly __typename: 'ComponentConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ComponentEdge', readonly node: (
          { readonly __typename: 'Component', readonly id: string }
          & { ' $fragmentRefs'?: { 'ComponentRowFragment': ComponentRowFragment } }
        ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null };

export type ComponentFactsQueryVariables = Exact<{
  ids: ReadonlyArray<Scalars['ID']['input']> | Scalars['ID']['input'];
}>;


export type ComponentFactsQuery = { readonly __typename?: 'Query', readonly nodes: ReadonlyArray<
    | { readonly __typename: 'Project', readonly id: string }
    | { readonly __typename: 'Release', readonly id: string }
    | { readonly __typename: 'Bom', readonly id: string }
    | { readonly __typename: 'Component', readonly id: string, readonly findings: ReadonlyArray<{ readonly __typename: 'Finding', readonly id: string, readonly vulnerability: { readonly __typename: 'Vulnerability', readonly id: string, readonly severity: { readonly __typename: 'Severity', readonly rating: SeverityRating } | null, readonly kev: { readonly __typename: 'Kev', readonly dateAdded: string } | null } }> | null, readonly sourceStatus: ReadonlyArray<(
        { readonly __typename: 'SourceStatus' }
        & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
      )>, readonly package: { readonly __typename: 'Package', readonly id: string, readonly latestVersion: { readonly __typename: 'PackageVersion', readonly purl: string, readonly version: string } | null, readonly sourceStatus: ReadonlyArray<(
          { readonly __typename: 'SourceStatus' }
          & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
        )> } | null }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
    | { readonly __typename: 'NotificationChannel', readonly id: string }
   | null> };

export type ReleaseFindingsQueryVariables = Exact<{
  project: Scalars['String']['input'];
  version: Scalars['String']['input'];
  filter?: InputMaybe<FindingFilter>;
  orderBy?: InputMaybe<FindingOrder>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ReleaseFindingsQuery = { readonly __typename?: 'Query', readonly release: { readonly __typename: 'Release', readonly id: string, readonly findings: { readonly __typename: 'FindingConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'FindingEdge', readonly node: (
          { readonly __typename: 'Finding', readonly id: string }
          & { ' $fragmentRefs'?: { 'FindingRowFragment': FindingRowFragment } }
        ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null };

export type SourcesQueryVariables = Exact<{ [key: string]: never; }>;


export type SourcesQuery = { readonly __typename?: 'Query', readonly sources: ReadonlyArray<{ readonly __typename: 'SourceHealth', readonly source: Source, readonly health: Health, readonly lastSuccessAt: string | null, readonly lastFailureAt: string | null, readonly lastError: string | null, readonly calls: number, readonly failures: number, readonly asOf: string | null, readonly mirror: ReadonlyArray<{ readonly __typename: 'MirrorPart', readonly name: string, readonly records: number, readonly skipped: number, readonly asOf: string | null, readonly syncedAt: string | null }> }> };

export type UploadBomMutationVariables = Exact<{
  input: IngestBomInput;
}>;


export type UploadBomMutation = { readonly __typename?: 'Mutation', readonly ingestBom: { readonly __typename: 'IngestBomPayload', readonly job: (
      { readonly __typename: 'Job', readonly id: string }
      & { ' $fragmentRefs'?: { 'JobStateFragment': JobStateFragment } }
    ) | null, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly digest: string, readonly format: string } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly field: ReadonlyArray<string>, readonly message: string, readonly code: UserErrorCode }> } };

export type UploadProgressSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type UploadProgressSubscription = { readonly __typename?: 'Subscription', readonly jobProgress: (
    { readonly __typename: 'Job', readonly id: string, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly componentCount: number, readonly warnings: { readonly __typename: 'BomWarningConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'BomWarningEdge', readonly node: { readonly __typename: 'BomWarning', readonly code: string, readonly location: string, readonly message: string } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null }
    & { ' $fragmentRefs'?: { 'JobStateFragment': JobStateFragment } }
  ) };

export type UploadProjectsQueryVariables = Exact<{ [key: string]: never; }>;


export type UploadProjectsQuery = { readonly __typename?: 'Query', readonly projects: { readonly __typename: 'ProjectConnection', readonly edges: ReadonlyArray<{ readonly __typename: 'ProjectEdge', readonly node: { readonly __typename: 'Project', readonly id: string, readonly name: string } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type VulnerabilityQueryVariables = Exact<{
  id: Scalars['String']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  facts?: Scalars['Boolean']['input'];
}>;


export type VulnerabilityQuery = { readonly __typename?: 'Query', readonly vulnerability: { readonly __typename: 'Vulnerability', readonly id: string, readonly aliases: ReadonlyArray<string>, readonly summary: string | null, readonly details: string | null, readonly published: string | null, readonly modified: string | null, readonly withdrawn: string | null, readonly severity: { readonly __typename: 'Severity', readonly rating: SeverityRating, readonly score: number | null, readonly vector: string | null, readonly advisory: string } | null, readonly advisories: ReadonlyArray<{ readonly __typename: 'Advisory', readonly id: string, readonly summary: string | null, readonly modified: string | null, readonly url: string, readonly references: ReadonlyArray<string> }>, readonly components: { readonly __typename: 'ComponentConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ComponentEdge', readonly node: (
          { readonly __typename: 'Component', readonly id: string }
          & { ' $fragmentRefs'?: { 'AffectedComponentFragment': AffectedComponentFragment } }
        ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } & (
    { readonly __typename?: 'Vulnerability' }
    & { ' $fragmentRefs'?: { 'UrgencyFragment': Incremental<UrgencyFragment> } }
  ) | null };

export type UrgencyFragment = { readonly __typename: 'Vulnerability', readonly epss: { readonly __typename: 'Epss', readonly probability: number, readonly percentile: number, readonly asOf: string, readonly cve: string } | null, readonly kev: { readonly __typename: 'Kev', readonly dateAdded: string, readonly dueDate: string, readonly ransomware: boolean, readonly name: string, readonly requiredAction: string } | null, readonly sourceStatus: ReadonlyArray<(
    { readonly __typename: 'SourceStatus' }
    & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
  )> } & { ' $fragmentName'?: 'UrgencyFragment' };

export type AffectedComponentFragment = { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null, readonly direct: boolean | null, readonly release: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string } }, readonly findings: ReadonlyArray<{ readonly __typename: 'Finding', readonly id: string, readonly state: FindingState, readonly fixedIn: string | null, readonly vulnerability: { readonly __typename: 'Vulnerability', readonly id: string } }> | null } & { ' $fragmentName'?: 'AffectedComponentFragment' };

export type ExportBomMutationVariables = Exact<{
  input: ExportBomInput;
}>;


export type ExportBomMutation = { readonly __typename?: 'Mutation', readonly exportBom: { readonly __typename: 'ExportBomPayload', readonly job: (
      { readonly __typename: 'Job', readonly id: string }
      & { ' $fragmentRefs'?: { 'JobStateFragment': JobStateFragment } }
    ) | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly message: string }> } };

export type ExportProgressSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ExportProgressSubscription = { readonly __typename?: 'Subscription', readonly jobProgress: (
    { readonly __typename: 'Job', readonly id: string, readonly export: { readonly __typename: 'Export', readonly url: string, readonly fileName: string, readonly size: number } | null }
    & { ' $fragmentRefs'?: { 'JobStateFragment': JobStateFragment } }
  ) };

export type FindingRowFragment = { readonly __typename: 'Finding', readonly id: string, readonly state: FindingState, readonly priority: number, readonly fixedIn: string | null, readonly triage: { readonly __typename: 'Triage', readonly state: FindingState, readonly justification: TriageJustification | null, readonly response: ReadonlyArray<TriageResponse>, readonly note: string | null, readonly by: string | null, readonly at: string, readonly scope: TriageScope, readonly version: string | null } | null, readonly component: { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null, readonly purl: string | null, readonly direct: boolean | null }, readonly vulnerability: { readonly __typename: 'Vulnerability', readonly id: string, readonly summary: string | null, readonly published: string | null, readonly severity: { readonly __typename: 'Severity', readonly rating: SeverityRating, readonly score: number | null } | null, readonly epss: { readonly __typename: 'Epss', readonly probability: number, readonly percentile: number, readonly asOf: string } | null, readonly kev: { readonly __typename: 'Kev', readonly dateAdded: string, readonly dueDate: string, readonly ransomware: boolean } | null } } & { ' $fragmentName'?: 'FindingRowFragment' };

export type CountPartsFragment = { readonly __typename: 'FindingCounts', readonly total: number, readonly active: number, readonly kev: number, readonly fixable: number, readonly severity: { readonly __typename: 'SeverityCounts', readonly critical: number, readonly high: number, readonly medium: number, readonly low: number, readonly none: number, readonly unrated: number } } & { ' $fragmentName'?: 'CountPartsFragment' };

export type JobStateFragment = { readonly __typename: 'Job', readonly id: string, readonly kind: string, readonly state: JobState, readonly stage: string | null, readonly done: number, readonly total: number, readonly attempts: number, readonly maxAttempts: number, readonly error: string | null } & { ' $fragmentName'?: 'JobStateFragment' };

export type ProjectRowFragment = { readonly __typename: 'Project', readonly id: string, readonly name: string, readonly tags: ReadonlyArray<string>, readonly findingCounts: (
    { readonly __typename: 'FindingCounts' }
    & { ' $fragmentRefs'?: { 'CountPartsFragment': CountPartsFragment } }
  ), readonly releases: { readonly __typename: 'ReleaseConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ReleaseEdge', readonly node: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly format: string, readonly componentCount: number, readonly ingestedAt: string } | null } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } & { ' $fragmentName'?: 'ProjectRowFragment' };

export type TrendPartsFragment = { readonly __typename: 'TrendPoint', readonly date: string, readonly active: number, readonly critical: number, readonly high: number, readonly medium: number, readonly low: number, readonly kev: number } & { ' $fragmentName'?: 'TrendPartsFragment' };

export type TriageFindingsMutationVariables = Exact<{
  input: TriageFindingsInput;
}>;


export type TriageFindingsMutation = { readonly __typename?: 'Mutation', readonly triageFindings: { readonly __typename: 'TriageFindingsPayload', readonly findings: ReadonlyArray<(
      { readonly __typename: 'Finding', readonly id: string }
      & { ' $fragmentRefs'?: { 'FindingDecisionFragment': FindingDecisionFragment } }
    )> | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly field: ReadonlyArray<string>, readonly message: string, readonly code: UserErrorCode }> } };

export type FindingDecisionFragment = { readonly __typename: 'Finding', readonly id: string, readonly state: FindingState, readonly triage: { readonly __typename: 'Triage', readonly state: FindingState, readonly justification: TriageJustification | null, readonly response: ReadonlyArray<TriageResponse>, readonly note: string | null, readonly by: string | null, readonly at: string, readonly scope: TriageScope, readonly version: string | null } | null } & { ' $fragmentName'?: 'FindingDecisionFragment' };

export type TriageHistoryQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type TriageHistoryQuery = { readonly __typename?: 'Query', readonly node:
    | { readonly __typename: 'Project', readonly id: string }
    | { readonly __typename: 'Release', readonly id: string }
    | { readonly __typename: 'Bom', readonly id: string }
    | { readonly __typename: 'Component', readonly id: string }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string, readonly triageHistory: { readonly __typename: 'TriageConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'TriageEdge', readonly node: { readonly __typename: 'Triage', readonly state: FindingState, readonly justification: TriageJustification | null, readonly note: string | null, readonly by: string | null, readonly at: string, readonly scope: TriageScope, readonly version: string | null } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
    | { readonly __typename: 'NotificationChannel', readonly id: string }
   | null };

export type FindingsChangedSubscriptionVariables = Exact<{
  project: Scalars['String']['input'];
}>;


export type FindingsChangedSubscription = { readonly __typename?: 'Subscription', readonly findingsChanged: { readonly __typename: 'FindingsState', readonly revision: number } };

export type StatusPartsFragment = { readonly __typename: 'SourceStatus', readonly source: Source, readonly state: SourceState, readonly asOf: string | null, readonly reason: string | null } & { ' $fragmentName'?: 'StatusPartsFragment' };

export type ShellQueryVariables = Exact<{ [key: string]: never; }>;


export type ShellQuery = { readonly __typename?: 'Query', readonly sources: ReadonlyArray<{ readonly __typename: 'SourceHealth', readonly source: Source, readonly health: Health }> };
