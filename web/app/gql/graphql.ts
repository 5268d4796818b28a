/* eslint-disable */
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type Query = {
  readonly __typename?: 'Query';
  /** The project with this name, or null when there is none. */
  readonly project: Maybe<Project>;
  /** All projects, by name. */
  readonly projects: ProjectConnection;
  /** One version of a project, or null when there is none. */
  readonly release: Maybe<Release>;
  /**
   * The package that a purl names, whatever its version, with every release that
   * uses it. Null when no ingested Bom has mentioned it.
   */
  readonly package: Maybe<Package>;
  /**
   * The vulnerability that any of its ids names (CVE, GHSA, GO, PYSEC, RUSTSEC, …),
   * with every release it affects. Null when no source has a record of it.
   */
  readonly vulnerability: Maybe<Vulnerability>;
  /** The upstreams that facts come from, and how well each is doing. */
  readonly sources: ReadonlyArray<SourceHealth>;
  /** One piece of background work, or null when there is none with this id. */
  readonly job: Maybe<Job>;
  /** Any object with an id, or null when there is none. */
  readonly node: Maybe<Node>;
  /** Several objects by id, in the order asked; null where there is none. */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryProjectArgs = {
  name: Scalars['String']['input'];
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryProjectsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ProjectFilter>;
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryReleaseArgs = {
  project: Scalars['String']['input'];
  version: Scalars['String']['input'];
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryPackageArgs = {
  purl: Scalars['PURL']['input'];
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryVulnerabilityArgs = {
  id: Scalars['String']['input'];
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryJobArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Loadline answers one question: what is in the releases we ship, which
 * vulnerabilities affect it, and how urgent are they. Bills of materials are
 * ingested with `ingestBom`; everything else is asked from here.
 *
 * Lists that can grow are Relay connections: `first` or `last` is required and is
 * at most 100. Facts that an upstream gave carry a `sourceStatus`: an empty list
 * or a null next to a state other than `FRESH` does not mean "none".
 */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Create a project. Its name must be new. */
  readonly createProject: CreateProjectPayload;
  /** Give a project another name. Its id and its releases stay. */
  readonly renameProject: RenameProjectPayload;
  /** Replace the tags of a project. */
  readonly tagProject: TagProjectPayload;
  /** Delete a project with its releases and their Boms. There is no way back. */
  readonly deleteProject: DeleteProjectPayload;
  /** Create a release that has no Bom yet. `ingestBom` creates the release it names by itself. */
  readonly createRelease: CreateReleasePayload;
  /** Give a release another version. Its id and its Boms stay. */
  readonly renameRelease: RenameReleasePayload;
  /** Replace the tags of a release. */
  readonly tagRelease: TagReleasePayload;
  /** Delete a release with its Boms. There is no way back. */
  readonly deleteRelease: DeleteReleasePayload;
  /**
   * Ingest a bill of materials or a lockfile. The document is read and checked
   * before the answer: one that cannot be used is refused and changes nothing. An
   * accepted one is stored together with the job that brings it in; project and
   * release are created where they are missing. The Bom becomes the release's
   * current one when the job succeeds.
   */
  readonly ingestBom: IngestBomPayload;
  /**
   * Decide what is to be thought of a finding. The decision holds for the package in
   * all releases of the project, or in this one; it outlives new Boms and new
   * releases, and nothing that was decided before is forgotten.
   */
  readonly triageFinding: TriageFindingPayload;
  /** Decide the same about several findings, all at once or not at all. */
  readonly triageFindings: TriageFindingsPayload;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationCreateProjectArgs = {
  input: CreateProjectInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationRenameProjectArgs = {
  input: RenameProjectInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationTagProjectArgs = {
  input: TagProjectInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationDeleteProjectArgs = {
  input: DeleteProjectInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationCreateReleaseArgs = {
  input: CreateReleaseInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationRenameReleaseArgs = {
  input: RenameReleaseInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationTagReleaseArgs = {
  input: TagReleaseInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationDeleteReleaseArgs = {
  input: DeleteReleaseInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationIngestBomArgs = {
  input: IngestBomInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationTriageFindingArgs = {
  input: TriageFindingInput;
};


/**
 * What changes the database. A refusal is data: look at `userErrors` first; the
 * other fields of a payload are null when it is not empty.
 */
export type MutationTriageFindingsArgs = {
  input: TriageFindingsInput;
};

/** What is pushed as it happens, over WebSocket (graphql-transport-ws) or SSE. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * A job's present state at once, then each change, until it has ended. A slow
   * reader gets the newest state and misses the ones in between.
   */
  readonly jobProgress: Job;
};


/** What is pushed as it happens, over WebSocket (graphql-transport-ws) or SSE. */
export type SubscriptionJobProgressArgs = {
  id: Scalars['ID']['input'];
};

/** An object with an id that is unique across all types. */
export type Node = {
  /** The object's id. Opaque: do not take it apart. */
  readonly id: Scalars['ID']['output'];
};

/** Where a list was cut, and how to go on. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Whether there is more behind the last edge. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is more before the first edge. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first edge, for `before`. Null when the page is empty. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
  /** The cursor of the last edge, for `after`. Null when the page is empty. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

/** Something that is shipped, by a unique name; it has releases. */
export type Project = Node & {
  readonly __typename?: 'Project';
  /** The project's id. */
  readonly id: Scalars['ID']['output'];
  /** The unique name. */
  readonly name: Scalars['String']['output'];
  /** Free words for grouping, sorted. */
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  /** When the project was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The release with this version, or null when there is none. */
  readonly release: Maybe<Release>;
  /** The project's releases, the newest first. */
  readonly releases: ReleaseConnection;
};


/** Something that is shipped, by a unique name; it has releases. */
export type ProjectReleaseArgs = {
  version: Scalars['String']['input'];
};


/** Something that is shipped, by a unique name; it has releases. */
export type ProjectReleasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/**
 * One version of a project. What it contains is its current Bom: the last one
 * that was ingested without failing.
 */
export type Release = Node & {
  readonly __typename?: 'Release';
  /** The release's id. */
  readonly id: Scalars['ID']['output'];
  /** The version: unique in the project, any text (`1.4.2`, `main`). */
  readonly version: Scalars['String']['output'];
  /** Free words for grouping, sorted. */
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  /** When the release was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The project this is a release of. */
  readonly project: Project;
  /** The current Bom, or null before the first has been ingested. */
  readonly bom: Maybe<Bom>;
  /** All Boms of the release, the newest first, also those in work and failed. */
  readonly boms: BomConnection;
  /** The components of the current Bom, in the order of the document. */
  readonly components: ComponentConnection;
  /**
   * What affects the components of the current Bom. Sources are asked about what is
   * not known or too old; `coverage` says of how many components it is not known
   * what affects them, which no list of findings can show.
   */
  readonly findings: FindingConnection;
  /**
   * How many findings `findings` has, and of which kinds, by what is stored: no
   * source is asked.
   */
  readonly findingCounts: FindingCounts;
  /** What new states of the mirror have changed about the findings of the current Bom, the last change first. */
  readonly changes: ReleaseChangeConnection;
};


/**
 * One version of a project. What it contains is its current Bom: the last one
 * that was ingested without failing.
 */
export type ReleaseBomsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/**
 * One version of a project. What it contains is its current Bom: the last one
 * that was ingested without failing.
 */
export type ReleaseComponentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ComponentFilter>;
};


/**
 * One version of a project. What it contains is its current Bom: the last one
 * that was ingested without failing.
 */
export type ReleaseFindingsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  orderBy?: InputMaybe<FindingOrder>;
};


/**
 * One version of a project. What it contains is its current Bom: the last one
 * that was ingested without failing.
 */
export type ReleaseFindingCountsArgs = {
  filter?: InputMaybe<FindingFilter>;
};


/**
 * One version of a project. What it contains is its current Bom: the last one
 * that was ingested without failing.
 */
export type ReleaseChangesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A change to what affects a release, because a record of the mirror has changed. */
export type ReleaseChange = {
  readonly __typename?: 'ReleaseChange';
  /** When the mirror was synced. */
  readonly at: Scalars['DateTime']['output'];
  /** What has changed. */
  readonly kind: ChangeKind;
  /** The id of the record that has changed; `vulnerability` finds what it is about. */
  readonly advisory: Scalars['String']['output'];
  /** The package version that the record is about. */
  readonly purl: Scalars['PURL']['output'];
  /** The lowest version that ends it since then; null where the record names none, and for `GONE`. */
  readonly fixedIn: Maybe<Scalars['String']['output']>;
};

/** What can change about a record that affects a package version. */
export type ChangeKind =
  /** It affects the version now, and did not before. */
  | 'NEW'
  /** It still affects the version, and its severity or the version that fixes it is another. */
  | 'CHANGED'
  /** It affected the version, and does no longer: it was withdrawn, corrected or removed. */
  | 'GONE';

/** One ingested document: a bill of materials or a lockfile. */
export type Bom = Node & {
  readonly __typename?: 'Bom';
  /** The Bom's id. */
  readonly id: Scalars['ID']['output'];
  /** Whether it is in work, ready or failed. */
  readonly state: BomState;
  /** The kind of document, such as `CycloneDX`, `SPDX` or `package-lock.json`. */
  readonly format: Scalars['String']['output'];
  /** The version of the format that the document follows, such as `1.5`. Null where the format has none. */
  readonly specVersion: Maybe<Scalars['String']['output']>;
  /** How the document is written: `JSON`, `XML`, `YAML`, `tag-value`, … */
  readonly encoding: Scalars['String']['output'];
  /** The tool that made the document, with its version, as the document says. */
  readonly tool: Maybe<Scalars['String']['output']>;
  /** The SHA-256 of the document as it was uploaded, in hexadecimal. */
  readonly digest: Scalars['String']['output'];
  /** The document's size in bytes as it was uploaded. */
  readonly size: Scalars['Int']['output'];
  /** The name of the uploaded file, where one was given. */
  readonly fileName: Maybe<Scalars['String']['output']>;
  /** When the document says that it was made. */
  readonly documentedAt: Maybe<Scalars['DateTime']['output']>;
  /** When the document was accepted. */
  readonly ingestedAt: Scalars['DateTime']['output'];
  /** Who uploaded it, where that is known. */
  readonly ingestedBy: Maybe<Scalars['String']['output']>;
  /** The release that the Bom describes. */
  readonly release: Release;
  /** The work that brought the Bom in. */
  readonly job: Job;
  /** How many components the Bom has. Zero until it is ready. */
  readonly componentCount: Scalars['Int']['output'];
  /** How many dependencies, edges between two components, the Bom has. Zero until it is ready. */
  readonly dependencyCount: Scalars['Int']['output'];
  /** What could not be used, or not as it stood, in the order of the document. */
  readonly warnings: BomWarningConnection;
};


/** One ingested document: a bill of materials or a lockfile. */
export type BomWarningsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** How far a Bom has come. */
export type BomState =
  /** Accepted and stored; its components are not in the database yet. */
  | 'PENDING'
  /** All its components are in the database. */
  | 'READY'
  /** It could not be brought in; its job says why. */
  | 'FAILED';

/** One entry of a document that could not be used, or not as it stood. */
export type BomWarning = {
  readonly __typename?: 'BomWarning';
  /** The kind of problem, in UPPER_SNAKE letters, such as `INVALID_PURL`. */
  readonly code: Scalars['String']['output'];
  /** Where it is: a JSON path, an XML path, a line or a bom-ref. */
  readonly location: Scalars['String']['output'];
  /** What is wrong and what was made of it. */
  readonly message: Scalars['String']['output'];
};

/** One entry of a release's Bom. */
export type Component = Node & {
  readonly __typename?: 'Component';
  /** The component's id. */
  readonly id: Scalars['ID']['output'];
  /** The package URL, in canonical form; null where the document gives none that is valid. */
  readonly purl: Maybe<Scalars['PURL']['output']>;
  /** The name, with its group or scope where the format keeps them apart. */
  readonly name: Scalars['String']['output'];
  /** The version; null where the document gives none. */
  readonly version: Maybe<Scalars['String']['output']>;
  /** What the component is, as CycloneDX names it: `library`, `application`, `operating-system`, … */
  readonly type: Scalars['String']['output'];
  /** How the component is used; null where the document does not say. */
  readonly scope: Maybe<ComponentScope>;
  /** Whether the release depends on it directly; null where the document does not say what depends on what. */
  readonly direct: Maybe<Scalars['Boolean']['output']>;
  /** The name of the component inside its document: bom-ref, SPDX id, or its key in a lockfile. */
  readonly ref: Scalars['String']['output'];
  /** The licences, as the document states them. */
  readonly licenses: ReadonlyArray<License>;
  /** The hashes of the component's file, as the document states them. */
  readonly hashes: ReadonlyArray<Hash>;
  /** The package, whatever its version; null without a valid purl. */
  readonly package: Maybe<Package>;
  /** The Bom that the component is an entry of. */
  readonly bom: Bom;
  /** The release that the component is part of. */
  readonly release: Release;
  /**
   * The vulnerabilities that affect this component, the most severe first. Null
   * where that is not known: no source could be asked, none covers it, or there is
   * no version to judge by; `sourceStatus` says which.
   */
  readonly findings: Maybe<ReadonlyArray<Finding>>;
  /** What each source that has a say in `findings` did for this component. */
  readonly sourceStatus: ReadonlyArray<SourceStatus>;
  /** The components that this one depends on, in the order of the document. */
  readonly dependencies: ComponentConnection;
  /** The components that depend on this one, in the order of the document. */
  readonly dependents: ComponentConnection;
};


/** One entry of a release's Bom. */
export type ComponentDependenciesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** One entry of a release's Bom. */
export type ComponentDependentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** How a component is used in what is shipped. */
export type ComponentScope =
  /** Needed at run time. */
  | 'REQUIRED'
  /** Used where it is present. */
  | 'OPTIONAL'
  /** Part of the build or the tests, not of what is shipped. */
  | 'EXCLUDED';

/** A licence of a component. */
export type License = {
  readonly __typename?: 'License';
  /** An SPDX licence expression, an SPDX licence id, or the name that the document gives. */
  readonly expression: Scalars['String']['output'];
  /** Where the licence's text is, where the document says so. */
  readonly url: Maybe<Scalars['URI']['output']>;
};

/** A hash of a component's file. */
export type Hash = {
  readonly __typename?: 'Hash';
  /** The algorithm, such as `SHA-256`. */
  readonly algorithm: Scalars['String']['output'];
  /** The digest, in hexadecimal. */
  readonly value: Scalars['String']['output'];
};

/** What a purl names without its version, shared by all releases. */
export type Package = Node & {
  readonly __typename?: 'Package';
  /** The package's id. */
  readonly id: Scalars['ID']['output'];
  /** The package URL without version, qualifiers and subpath. */
  readonly purl: Scalars['PURL']['output'];
  /** The purl type, such as `npm` or `maven`. */
  readonly type: Scalars['String']['output'];
  /** The name as its ecosystem writes it, such as `@angular/core` or `org.slf4j:slf4j-api`. */
  readonly name: Scalars['String']['output'];
  /** The ecosystem as OSV names it, such as `npm` or `Debian`; null where OSV covers none for this purl type. */
  readonly ecosystem: Maybe<Scalars['String']['output']>;
  /** The newest version that the registry recommends, from deps.dev; null where `sourceStatus` says why. */
  readonly latestVersion: Maybe<PackageVersion>;
  /**
   * What each source that has a say in this package did: deps.dev about its
   * versions and, where the package was reached from a component, OSV about what
   * affects that component's version.
   */
  readonly sourceStatus: ReadonlyArray<SourceStatus>;
  /** The versions that ingested Boms mention, by version text. */
  readonly versions: PackageVersionConnection;
  /** The releases whose current Bom has this package in any version, by project name, then version. */
  readonly releases: ReleaseConnection;
  /** The components of current Boms that are this package, by Bom, then in the order of the document. */
  readonly components: ComponentConnection;
};


/** What a purl names without its version, shared by all releases. */
export type PackageVersionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** What a purl names without its version, shared by all releases. */
export type PackageReleasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** What a purl names without its version, shared by all releases. */
export type PackageComponentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** One version of a package. */
export type PackageVersion = {
  readonly __typename?: 'PackageVersion';
  /** The version, as its ecosystem writes it. */
  readonly version: Scalars['String']['output'];
  /** The package URL with this version. */
  readonly purl: Scalars['PURL']['output'];
  /** When this version was published; null where no source says. */
  readonly publishedAt: Maybe<Scalars['DateTime']['output']>;
};

/**
 * A vulnerability that affects a component: one for each alias group, however many
 * records speak of it.
 */
export type Finding = Node & {
  readonly __typename?: 'Finding';
  /** The finding's id. */
  readonly id: Scalars['ID']['output'];
  /** What has been decided about the finding: the state of `triage`, `OPEN` without it. */
  readonly state: FindingState;
  /** The decision that counts for the finding; null while nobody has decided anything. */
  readonly triage: Maybe<Triage>;
  /**
   * All decisions that were ever made about the package's version and any of the
   * vulnerability's ids in this release, the last one first.
   */
  readonly triageHistory: TriageConnection;
  /**
   * How urgent it is, 0 to 100. What is in KEV comes first: 80 plus the severity's
   * score, plus 10 where ransomware campaigns use it. Anything else has 8 times the
   * score times EPSS's probability. What is not known is not taken for harmless: a
   * score counts as 5 then, a probability as 0.01.
   */
  readonly priority: Scalars['Float']['output'];
  /** The lowest version that ends the finding on the component's release train; null where no record names one. */
  readonly fixedIn: Maybe<Scalars['String']['output']>;
  /** The component that is affected. */
  readonly component: Component;
  /** The vulnerability. */
  readonly vulnerability: Vulnerability;
};


/**
 * A vulnerability that affects a component: one for each alias group, however many
 * records speak of it.
 */
export type FindingTriageHistoryArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

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

/**
 * A decision about a vulnerability of a package, with who made it, when and why. It
 * is kept with all ids that the vulnerability had then. It counts for every finding
 * whose vulnerability has any of them, so that it is not lost when records turn out
 * to be about the same, or not to be.
 *
 * A later decision takes the place of an earlier one. Where decisions about
 * different ids meet because they turn out to be one vulnerability, the most
 * alarming of their states counts, in the order `AFFECTED`, `OPEN`, `IN_TRIAGE`,
 * `ACCEPTED`, `FIXED`, `NOT_AFFECTED`, `FALSE_POSITIVE`.
 */
export type Triage = {
  readonly __typename?: 'Triage';
  /** What was decided. */
  readonly state: FindingState;
  /** Why it is not affected, in VEX's words. */
  readonly justification: Maybe<TriageJustification>;
  /** What is done about it, in VEX's words. */
  readonly response: ReadonlyArray<TriageResponse>;
  /** Why, in the words of who decided. */
  readonly note: Maybe<Scalars['String']['output']>;
  /** Who decided, where that is known. */
  readonly by: Maybe<Scalars['String']['output']>;
  /** When it was decided. */
  readonly at: Scalars['DateTime']['output'];
  /** Where it holds. */
  readonly scope: TriageScope;
  /** The package that it is about, without a version. */
  readonly package: Scalars['PURL']['output'];
  /** The only version of the package that it is about; null where it holds for any version. */
  readonly version: Maybe<Scalars['String']['output']>;
  /** The ids that the vulnerability had when it was decided, sorted. */
  readonly vulnerabilityIds: ReadonlyArray<Scalars['String']['output']>;
};

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

/** How many findings there are, and of which kinds. */
export type FindingCounts = {
  readonly __typename?: 'FindingCounts';
  /** All of them. */
  readonly total: Scalars['Int']['output'];
  /** Those that ask for attention: `OPEN`, `IN_TRIAGE` or `AFFECTED`. */
  readonly active: Scalars['Int']['output'];
  /** All of them, by severity. */
  readonly severity: SeverityCounts;
  /** All of them, by what has been decided. */
  readonly state: StateCounts;
  /** Those known to be exploited. */
  readonly kev: Scalars['Int']['output'];
  /** Those that a version is known to end. */
  readonly fixable: Scalars['Int']['output'];
};

/** How many findings have which severity. */
export type SeverityCounts = {
  readonly __typename?: 'SeverityCounts';
  /** `CRITICAL` ones. */
  readonly critical: Scalars['Int']['output'];
  /** `HIGH` ones. */
  readonly high: Scalars['Int']['output'];
  /** `MEDIUM` ones. */
  readonly medium: Scalars['Int']['output'];
  /** `LOW` ones. */
  readonly low: Scalars['Int']['output'];
  /** `NONE` ones. */
  readonly none: Scalars['Int']['output'];
  /** Those that no record rates. */
  readonly unrated: Scalars['Int']['output'];
};

/** About how many findings what has been decided. */
export type StateCounts = {
  readonly __typename?: 'StateCounts';
  /** `OPEN` ones. */
  readonly open: Scalars['Int']['output'];
  /** `IN_TRIAGE` ones. */
  readonly inTriage: Scalars['Int']['output'];
  /** `AFFECTED` ones. */
  readonly affected: Scalars['Int']['output'];
  /** `NOT_AFFECTED` ones. */
  readonly notAffected: Scalars['Int']['output'];
  /** `FALSE_POSITIVE` ones. */
  readonly falsePositive: Scalars['Int']['output'];
  /** `FIXED` ones. */
  readonly fixed: Scalars['Int']['output'];
  /** `ACCEPTED` ones. */
  readonly accepted: Scalars['Int']['output'];
};

/**
 * How much is known of what affects some components. Where it is not known there
 * are no findings, which does not mean that nothing affects them.
 */
export type FindingCoverage = {
  readonly __typename?: 'FindingCoverage';
  /** How many components there are. */
  readonly components: Scalars['Int']['output'];
  /** Of how many of them it is known what affects them, or was known at `asOf` of a source that is `STALE`. */
  readonly known: Scalars['Int']['output'];
  /** Whether that is all of them. */
  readonly complete: Scalars['Boolean']['output'];
  /** What stands behind the findings, by source, the best state first. */
  readonly sources: ReadonlyArray<SourceCoverage>;
};

/** About how many objects a source is in a state. */
export type SourceCoverage = {
  readonly __typename?: 'SourceCoverage';
  /** The source. */
  readonly source: Source;
  /** What stands behind its facts. */
  readonly state: SourceState;
  /** About how many components that is so; zero for what is about vulnerabilities. */
  readonly components: Scalars['Int']['output'];
  /** About how many vulnerabilities that is so; zero for what is about components. */
  readonly vulnerabilities: Scalars['Int']['output'];
  /** When the source said the oldest of these facts. Null when it never has. */
  readonly asOf: Maybe<Scalars['DateTime']['output']>;
  /** Why the state is not `FRESH`, in a sentence. */
  readonly reason: Maybe<Scalars['String']['output']>;
};

/** All records of sources that are aliases of each other, as one. */
export type Vulnerability = Node & {
  readonly __typename?: 'Vulnerability';
  /** The preferred id: the CVE id, else the GHSA id, else the first of the others by alphabet. Any of its ids finds the vulnerability. */
  readonly id: Scalars['ID']['output'];
  /** All its other ids, sorted. */
  readonly aliases: ReadonlyArray<Scalars['String']['output']>;
  /** What it is, in one line; null where no record says. */
  readonly summary: Maybe<Scalars['String']['output']>;
  /** What it is, at length, in Markdown; null where no record says. */
  readonly details: Maybe<Scalars['String']['output']>;
  /** When the first of its records was published. */
  readonly published: Maybe<Scalars['DateTime']['output']>;
  /** When the last of its records was changed. */
  readonly modified: Maybe<Scalars['DateTime']['output']>;
  /** When the last of its records was withdrawn; null while any stands. */
  readonly withdrawn: Maybe<Scalars['DateTime']['output']>;
  /** How bad it is; null where no record says. */
  readonly severity: Maybe<Severity>;
  /** How likely it is to be exploited in the next 30 days; null where `sourceStatus` says why. */
  readonly epss: Maybe<Epss>;
  /** Its entry in CISA's catalogue of known exploited vulnerabilities; null when it is not in it, or where `sourceStatus` says why. */
  readonly kev: Maybe<Kev>;
  /** What each source that has a say in this vulnerability did: OSV, EPSS, KEV. */
  readonly sourceStatus: ReadonlyArray<SourceStatus>;
  /** The records that make up the vulnerability, by id. */
  readonly advisories: ReadonlyArray<Advisory>;
  /** The releases whose current Bom has a component that it affects, by project name, then version. */
  readonly releases: ReleaseConnection;
  /** The components of current Boms that it affects, by Bom, then in the order of the document. */
  readonly components: ComponentConnection;
};


/** All records of sources that are aliases of each other, as one. */
export type VulnerabilityReleasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** All records of sources that are aliases of each other, as one. */
export type VulnerabilityComponentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** One record of a source, in the OSV schema. */
export type Advisory = {
  readonly __typename?: 'Advisory';
  /** The record's id at its source. */
  readonly id: Scalars['String']['output'];
  /** The ids of records about the same vulnerability, as this record lists them. */
  readonly aliases: ReadonlyArray<Scalars['String']['output']>;
  /** What it is, in one line. */
  readonly summary: Maybe<Scalars['String']['output']>;
  /** When the record was published. */
  readonly published: Maybe<Scalars['DateTime']['output']>;
  /** When the record was last changed; null where the record could not be fetched. */
  readonly modified: Maybe<Scalars['DateTime']['output']>;
  /** When the record was withdrawn; null while it stands. */
  readonly withdrawn: Maybe<Scalars['DateTime']['output']>;
  /** The record's page at OSV. */
  readonly url: Scalars['URI']['output'];
  /** What the record refers to, in its order. */
  readonly references: ReadonlyArray<Scalars['URI']['output']>;
};

/** How bad a vulnerability is. */
export type Severity = {
  readonly __typename?: 'Severity';
  /** The score in words, by the CVSS scale, or the record's own word where it has no vector. */
  readonly rating: SeverityRating;
  /** The CVSS base score, 0 to 10, computed from `vector`; null where there is only a word. */
  readonly score: Maybe<Scalars['Float']['output']>;
  /** The CVSS vector, of the newest CVSS version that a record gives; null where there is only a word. */
  readonly vector: Maybe<Scalars['String']['output']>;
  /** The id of the record that says so. */
  readonly advisory: Scalars['String']['output'];
};

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

/**
 * FIRST's estimate of how likely a vulnerability is to be exploited. Of several
 * CVE ids the one with the highest probability counts.
 */
export type Epss = {
  readonly __typename?: 'Epss';
  /** The probability of exploitation activity in the next 30 days, 0 to 1. */
  readonly probability: Scalars['Float']['output'];
  /** The share of all scored vulnerabilities with the same or a lower probability, 0 to 1. */
  readonly percentile: Scalars['Float']['output'];
  /** The day that the score was computed for. */
  readonly asOf: Scalars['Date']['output'];
  /** The CVE id that was scored. */
  readonly cve: Scalars['String']['output'];
};

/** An entry of CISA's catalogue of known exploited vulnerabilities. */
export type Kev = {
  readonly __typename?: 'Kev';
  /** The day it was added to the catalogue. */
  readonly dateAdded: Scalars['Date']['output'];
  /** The day by which US federal agencies must have acted. */
  readonly dueDate: Scalars['Date']['output'];
  /** Whether it is known to be used in ransomware campaigns. */
  readonly ransomware: Scalars['Boolean']['output'];
  /** The CVE id that the entry is about. */
  readonly cve: Scalars['String']['output'];
  /** The catalogue's name for it. */
  readonly name: Scalars['String']['output'];
  /** What CISA asks to be done. */
  readonly requiredAction: Scalars['String']['output'];
};

/** An upstream that facts come from. */
export type Source =
  /** osv.dev: which vulnerabilities affect a package version, and their records. */
  | 'OSV'
  /** FIRST EPSS: how likely a vulnerability is to be exploited. */
  | 'EPSS'
  /** CISA KEV: which vulnerabilities are known to be exploited. */
  | 'KEV'
  /** deps.dev: the versions of packages and when they were published. */
  | 'DEPS_DEV';

/** What stands behind a fact. */
export type SourceState =
  /** The source said so, recently enough to rely on. */
  | 'FRESH'
  /** The source said so at `asOf`, longer ago than it should be; it could not be asked again. */
  | 'STALE'
  /** The source could not be asked and nothing is stored; `reason` says why. */
  | 'UNAVAILABLE'
  /** The source has been asked, or need not be, and does not cover this object. */
  | 'NOT_COVERED'
  /** The question makes no sense for this object, such as EPSS for a vulnerability without a CVE id. */
  | 'NOT_APPLICABLE';

/** What one source did for one object. */
export type SourceStatus = {
  readonly __typename?: 'SourceStatus';
  /** The source. */
  readonly source: Source;
  /** What stands behind its facts. */
  readonly state: SourceState;
  /** When the source last said so. Null when it never has. */
  readonly asOf: Maybe<Scalars['DateTime']['output']>;
  /** Why the state is not `FRESH`, in a sentence. */
  readonly reason: Maybe<Scalars['String']['output']>;
};

/** How well a source is doing, as seen from here. */
export type SourceHealth = {
  readonly __typename?: 'SourceHealth';
  /** The source. */
  readonly source: Source;
  /** Whether it answers. */
  readonly health: Health;
  /** When it last answered as it should. */
  readonly lastSuccessAt: Maybe<Scalars['DateTime']['output']>;
  /** When it last failed to. */
  readonly lastFailureAt: Maybe<Scalars['DateTime']['output']>;
  /** What went wrong then. */
  readonly lastError: Maybe<Scalars['String']['output']>;
  /** The calls made to it since this process started, repeated ones included. */
  readonly calls: Scalars['Int']['output'];
  /** Of those, how many failed. */
  readonly failures: Scalars['Int']['output'];
  /** How old the stored catalogue is, for a source that is held as a whole. */
  readonly asOf: Maybe<Scalars['DateTime']['output']>;
  /**
   * What is held of the source from a mirror, by name: the ecosystems of OSV, the
   * whole of EPSS and of KEV. Empty where there is none.
   */
  readonly mirror: ReadonlyArray<MirrorPart>;
};

/** A part of a source that is held here, so that it need not be asked. */
export type MirrorPart = {
  readonly __typename?: 'MirrorPart';
  /** The ecosystem, as OSV names it; `EPSS` or `KEV` for these. */
  readonly name: Scalars['String']['output'];
  /** How many records it has. */
  readonly records: Scalars['Int']['output'];
  /** How many records could not be read the last time, and are left out. */
  readonly skipped: Scalars['Int']['output'];
  /** When the mirror held what is here: the facts are as old as that. */
  readonly asOf: Maybe<Scalars['DateTime']['output']>;
  /** When it was last compared with the mirror. */
  readonly syncedAt: Maybe<Scalars['DateTime']['output']>;
};

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

/** Background work. */
export type Job = Node & {
  readonly __typename?: 'Job';
  /** The job's id. */
  readonly id: Scalars['ID']['output'];
  /** What the job does, in UPPER_SNAKE letters, such as `INGEST_BOM`. */
  readonly kind: Scalars['String']['output'];
  /** How far it is. */
  readonly state: JobState;
  /** What it is doing now, in a word, such as `components`; null before it starts. */
  readonly stage: Maybe<Scalars['String']['output']>;
  /** How much of the stage is done. */
  readonly done: Scalars['Int']['output'];
  /** How much the stage has to do; 0 while that is not known. */
  readonly total: Scalars['Int']['output'];
  /** How many times it has been tried, this time included. */
  readonly attempts: Scalars['Int']['output'];
  /** How often it is tried before it is given up. */
  readonly maxAttempts: Scalars['Int']['output'];
  /** What went wrong last; null while nothing has. */
  readonly error: Maybe<Scalars['String']['output']>;
  /** When it was enqueued. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it was last started; null while it waits for the first time. */
  readonly startedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it ended; null while it has not. */
  readonly finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** The Bom that it brings in, for `INGEST_BOM`. */
  readonly bom: Maybe<Bom>;
};

/** How far a job is. */
export type JobState =
  /** Waiting for its turn, or for its next try. */
  | 'QUEUED'
  /** At work. */
  | 'RUNNING'
  /** Done. */
  | 'SUCCEEDED'
  /** Given up; `error` says why. */
  | 'FAILED';

/** A page of projects. */
export type ProjectConnection = {
  readonly __typename?: 'ProjectConnection';
  /** The projects of the page, with their cursors. */
  readonly edges: ReadonlyArray<ProjectEdge>;
  /** The projects of the page. */
  readonly nodes: ReadonlyArray<Project>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many projects there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A project and its place in the list. */
export type ProjectEdge = {
  readonly __typename?: 'ProjectEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The project. */
  readonly node: Project;
};

/** A page of releases. */
export type ReleaseConnection = {
  readonly __typename?: 'ReleaseConnection';
  /** The releases of the page, with their cursors. */
  readonly edges: ReadonlyArray<ReleaseEdge>;
  /** The releases of the page. */
  readonly nodes: ReadonlyArray<Release>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many releases there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A release and its place in the list. */
export type ReleaseEdge = {
  readonly __typename?: 'ReleaseEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The release. */
  readonly node: Release;
};

/** A page of Boms. */
export type BomConnection = {
  readonly __typename?: 'BomConnection';
  /** The Boms of the page, with their cursors. */
  readonly edges: ReadonlyArray<BomEdge>;
  /** The Boms of the page. */
  readonly nodes: ReadonlyArray<Bom>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many Boms there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A Bom and its place in the list. */
export type BomEdge = {
  readonly __typename?: 'BomEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The Bom. */
  readonly node: Bom;
};

/** A page of a Bom's warnings. */
export type BomWarningConnection = {
  readonly __typename?: 'BomWarningConnection';
  /** The warnings of the page, with their cursors. */
  readonly edges: ReadonlyArray<BomWarningEdge>;
  /** The warnings of the page. */
  readonly nodes: ReadonlyArray<BomWarning>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many warnings there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A warning and its place in the list. */
export type BomWarningEdge = {
  readonly __typename?: 'BomWarningEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The warning. */
  readonly node: BomWarning;
};

/** A page of changes. */
export type ReleaseChangeConnection = {
  readonly __typename?: 'ReleaseChangeConnection';
  /** The changes of the page, with their cursors. */
  readonly edges: ReadonlyArray<ReleaseChangeEdge>;
  /** The changes of the page. */
  readonly nodes: ReadonlyArray<ReleaseChange>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many changes there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A change and its place in the list. */
export type ReleaseChangeEdge = {
  readonly __typename?: 'ReleaseChangeEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The change. */
  readonly node: ReleaseChange;
};

/** A page of components. */
export type ComponentConnection = {
  readonly __typename?: 'ComponentConnection';
  /** The components of the page, with their cursors. */
  readonly edges: ReadonlyArray<ComponentEdge>;
  /** The components of the page. */
  readonly nodes: ReadonlyArray<Component>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many components there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A component and its place in the list. */
export type ComponentEdge = {
  readonly __typename?: 'ComponentEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The component. */
  readonly node: Component;
};

/** A page of findings, and what there is to know about all pages. */
export type FindingConnection = {
  readonly __typename?: 'FindingConnection';
  /** The findings of the page, with their cursors. */
  readonly edges: ReadonlyArray<FindingEdge>;
  /** The findings of the page. */
  readonly nodes: ReadonlyArray<Finding>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many findings there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
  /** Of which kinds the findings on all pages are. */
  readonly counts: FindingCounts;
  /** How much is known of the components that the findings were looked for in, whatever the filter. */
  readonly coverage: FindingCoverage;
};

/** A finding and its place in the list. */
export type FindingEdge = {
  readonly __typename?: 'FindingEdge';
  /** The place, for `after` and `before`. It stays a place in the order when findings come and go. */
  readonly cursor: Scalars['String']['output'];
  /** The finding. */
  readonly node: Finding;
};

/** A page of decisions. */
export type TriageConnection = {
  readonly __typename?: 'TriageConnection';
  /** The decisions of the page, with their cursors. */
  readonly edges: ReadonlyArray<TriageEdge>;
  /** The decisions of the page. */
  readonly nodes: ReadonlyArray<Triage>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many decisions there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A decision and its place in the list. */
export type TriageEdge = {
  readonly __typename?: 'TriageEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The decision. */
  readonly node: Triage;
};

/** A page of package versions. */
export type PackageVersionConnection = {
  readonly __typename?: 'PackageVersionConnection';
  /** The versions of the page, with their cursors. */
  readonly edges: ReadonlyArray<PackageVersionEdge>;
  /** The versions of the page. */
  readonly nodes: ReadonlyArray<PackageVersion>;
  /** Where the page was cut. */
  readonly pageInfo: PageInfo;
  /** How many versions there are on all pages. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A package version and its place in the list. */
export type PackageVersionEdge = {
  readonly __typename?: 'PackageVersionEdge';
  /** The place, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The package version. */
  readonly node: PackageVersion;
};

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
  /** The vulnerability has one of these severities. */
  readonly severity?: InputMaybe<ReadonlyArray<SeverityRating>>;
  /** The vulnerability is, or is not, known to be exploited. */
  readonly kev?: InputMaybe<Scalars['Boolean']['input']>;
  /** EPSS gives at least this probability, 0 to 1. */
  readonly minEpss?: InputMaybe<Scalars['Float']['input']>;
  /** Some version is, or is not, known to end the finding. */
  readonly fixable?: InputMaybe<Scalars['Boolean']['input']>;
  /** One of these has been decided. */
  readonly state?: InputMaybe<ReadonlyArray<FindingState>>;
  /** Only direct dependencies of the release, or only the others. Components of which that is not known pass neither. */
  readonly direct?: InputMaybe<Scalars['Boolean']['input']>;
  /** The component's purl contains this text, in any letter case. */
  readonly package?: InputMaybe<Scalars['String']['input']>;
  /** One of the vulnerability's ids or its summary contains this text, in any letter case. */
  readonly vulnerability?: InputMaybe<Scalars['String']['input']>;
};

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
  /** The severity's score; those without come last of those that are worst first. */
  | 'SEVERITY'
  /** EPSS's probability; those without come last of those that are likeliest first. */
  | 'EPSS'
  /** When the vulnerability was published. */
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

/** What `createProject` needs. */
export type CreateProjectInput = {
  /** The unique name: 1 to 200 characters, none of them a control character. */
  readonly name: Scalars['String']['input'];
  /** Free words for grouping: at most 50, each of 1 to 100 characters. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What `renameProject` needs. */
export type RenameProjectInput = {
  /** The project's id. */
  readonly id: Scalars['ID']['input'];
  /** The new name: 1 to 200 characters, none of them a control character. */
  readonly name: Scalars['String']['input'];
};

/** What `tagProject` needs. */
export type TagProjectInput = {
  /** The project's id. */
  readonly id: Scalars['ID']['input'];
  /** All tags from now on: at most 50, each of 1 to 100 characters. */
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
  /** The version: unique in the project, 1 to 200 characters, none of them a control character. */
  readonly version: Scalars['String']['input'];
  /** Free words for grouping: at most 50, each of 1 to 100 characters. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What `renameRelease` needs. */
export type RenameReleaseInput = {
  /** The release's id. */
  readonly id: Scalars['ID']['input'];
  /** The new version: unique in the project, 1 to 200 characters, none of them a control character. */
  readonly version: Scalars['String']['input'];
};

/** What `tagRelease` needs. */
export type TagReleaseInput = {
  /** The release's id. */
  readonly id: Scalars['ID']['input'];
  /** All tags from now on: at most 50, each of 1 to 100 characters. */
  readonly tags: ReadonlyArray<Scalars['String']['input']>;
};

/** What `deleteRelease` needs. */
export type DeleteReleaseInput = {
  /** The release's id. */
  readonly id: Scalars['ID']['input'];
};

/** What `ingestBom` needs: one of `file` and `content`. */
export type IngestBomInput = {
  /** The project's name. It is created when there is none. */
  readonly project: Scalars['String']['input'];
  /** The release's version. It is created when there is none. */
  readonly release: Scalars['String']['input'];
  /** The document as a multipart upload: CycloneDX, SPDX or a lockfile, plain or gzip. */
  readonly file?: InputMaybe<Scalars['Upload']['input']>;
  /** The document as text, for clients that cannot upload. */
  readonly content?: InputMaybe<Scalars['String']['input']>;
  /** The name of the document's file. It helps where content alone does not tell the format; with `file` the upload's own name is used. */
  readonly fileName?: InputMaybe<Scalars['String']['input']>;
};

/** Why a mutation was refused. */
export type UserError = {
  readonly __typename?: 'UserError';
  /** The path of the input field that is to blame, such as `["input", "name"]`; empty when it is none of them. */
  readonly field: ReadonlyArray<Scalars['String']['output']>;
  /** What is wrong and what would be accepted. */
  readonly message: Scalars['String']['output'];
  /** The kind of refusal, for programs. */
  readonly code: UserErrorCode;
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
  | 'TOO_LARGE';

/** What `createProject` did. */
export type CreateProjectPayload = {
  readonly __typename?: 'CreateProjectPayload';
  /** The new project. */
  readonly project: Maybe<Project>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `renameProject` did. */
export type RenameProjectPayload = {
  readonly __typename?: 'RenameProjectPayload';
  /** The renamed project. */
  readonly project: Maybe<Project>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `tagProject` did. */
export type TagProjectPayload = {
  readonly __typename?: 'TagProjectPayload';
  /** The tagged project. */
  readonly project: Maybe<Project>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `deleteProject` did. */
export type DeleteProjectPayload = {
  readonly __typename?: 'DeleteProjectPayload';
  /** The id that the project had. */
  readonly deletedId: Maybe<Scalars['ID']['output']>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `createRelease` did. */
export type CreateReleasePayload = {
  readonly __typename?: 'CreateReleasePayload';
  /** The new release. */
  readonly release: Maybe<Release>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `renameRelease` did. */
export type RenameReleasePayload = {
  readonly __typename?: 'RenameReleasePayload';
  /** The renamed release. */
  readonly release: Maybe<Release>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `tagRelease` did. */
export type TagReleasePayload = {
  readonly __typename?: 'TagReleasePayload';
  /** The tagged release. */
  readonly release: Maybe<Release>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `deleteRelease` did. */
export type DeleteReleasePayload = {
  readonly __typename?: 'DeleteReleasePayload';
  /** The id that the release had. */
  readonly deletedId: Maybe<Scalars['ID']['output']>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `triageFinding` did. */
export type TriageFindingPayload = {
  readonly __typename?: 'TriageFindingPayload';
  /** The finding, as it is now. */
  readonly finding: Maybe<Finding>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `triageFindings` did. */
export type TriageFindingsPayload = {
  readonly __typename?: 'TriageFindingsPayload';
  /** The findings, as they are now, in the order asked. */
  readonly findings: Maybe<ReadonlyArray<Finding>>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What `ingestBom` did. */
export type IngestBomPayload = {
  readonly __typename?: 'IngestBomPayload';
  /** The work that brings the document in. Follow it with `jobProgress`. */
  readonly job: Maybe<Job>;
  /** The accepted Bom. */
  readonly bom: Maybe<Bom>;
  /** Why nothing was done; empty when all went well. */
  readonly userErrors: ReadonlyArray<UserError>;
};

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { readonly __typename?: 'Query', readonly projects: { readonly __typename: 'ProjectConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ProjectEdge', readonly node: (
        { readonly __typename: 'Project', readonly id: string }
        & { ' $fragmentRefs'?: { 'ProjectRowFragment': ProjectRowFragment } }
      ) }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } }, readonly sources: ReadonlyArray<{ readonly __typename: 'SourceHealth', readonly source: Source, readonly health: Health, readonly lastSuccessAt: string | null, readonly lastError: string | null }> };

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


export type ReleaseQuery = { readonly __typename?: 'Query', readonly project: { readonly __typename: 'Project', readonly id: string, readonly name: string, readonly release: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly format: string, readonly specVersion: string | null, readonly encoding: string, readonly tool: string | null, readonly digest: string, readonly size: number, readonly fileName: string | null, readonly documentedAt: string | null, readonly ingestedAt: string, readonly ingestedBy: string | null, readonly componentCount: number, readonly dependencyCount: number, readonly warnings: { readonly __typename: 'BomWarningConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'BomWarningEdge', readonly node: { readonly __typename: 'BomWarning', readonly code: string, readonly location: string, readonly message: string } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null } | null } | null };

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
    | { readonly __typename: 'Component', readonly id: string, readonly findings: ReadonlyArray<(
        { readonly __typename: 'Finding', readonly id: string }
        & { ' $fragmentRefs'?: { 'FindingRowFragment': FindingRowFragment } }
      )> | null, readonly sourceStatus: ReadonlyArray<(
        { readonly __typename: 'SourceStatus' }
        & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
      )>, readonly package: { readonly __typename: 'Package', readonly id: string, readonly latestVersion: { readonly __typename: 'PackageVersion', readonly purl: string, readonly version: string, readonly publishedAt: string | null } | null, readonly sourceStatus: ReadonlyArray<(
          { readonly __typename: 'SourceStatus' }
          & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
        )> } | null }
    | { readonly __typename: 'Package', readonly id: string }
    | { readonly __typename: 'Finding', readonly id: string }
    | { readonly __typename: 'Vulnerability', readonly id: string }
    | { readonly __typename: 'Job', readonly id: string }
   | null> };

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

export type FindingRowFragment = { readonly __typename: 'Finding', readonly id: string, readonly state: FindingState, readonly fixedIn: string | null, readonly component: { readonly __typename: 'Component', readonly id: string, readonly name: string, readonly version: string | null, readonly purl: string | null, readonly direct: boolean | null }, readonly vulnerability: { readonly __typename: 'Vulnerability', readonly id: string, readonly summary: string | null, readonly published: string | null, readonly severity: { readonly __typename: 'Severity', readonly rating: SeverityRating, readonly score: number | null } | null, readonly epss: { readonly __typename: 'Epss', readonly probability: number, readonly percentile: number, readonly asOf: string } | null, readonly kev: { readonly __typename: 'Kev', readonly dateAdded: string, readonly dueDate: string, readonly ransomware: boolean } | null, readonly sourceStatus: ReadonlyArray<(
      { readonly __typename: 'SourceStatus' }
      & { ' $fragmentRefs'?: { 'StatusPartsFragment': StatusPartsFragment } }
    )> } } & { ' $fragmentName'?: 'FindingRowFragment' };

export type JobStateFragment = { readonly __typename: 'Job', readonly id: string, readonly kind: string, readonly state: JobState, readonly stage: string | null, readonly done: number, readonly total: number, readonly attempts: number, readonly maxAttempts: number, readonly error: string | null } & { ' $fragmentName'?: 'JobStateFragment' };

export type ProjectRowFragment = { readonly __typename: 'Project', readonly id: string, readonly name: string, readonly tags: ReadonlyArray<string>, readonly releases: { readonly __typename: 'ReleaseConnection', readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly __typename: 'ReleaseEdge', readonly node: { readonly __typename: 'Release', readonly id: string, readonly version: string, readonly bom: { readonly __typename: 'Bom', readonly id: string, readonly format: string, readonly componentCount: number, readonly ingestedAt: string } | null } }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } & { ' $fragmentName'?: 'ProjectRowFragment' };

export type StatusPartsFragment = { readonly __typename: 'SourceStatus', readonly source: Source, readonly state: SourceState, readonly asOf: string | null, readonly reason: string | null } & { ' $fragmentName'?: 'StatusPartsFragment' };

export type ShellQueryVariables = Exact<{ [key: string]: never; }>;


export type ShellQuery = { readonly __typename?: 'Query', readonly sources: ReadonlyArray<{ readonly __typename: 'SourceHealth', readonly source: Source, readonly health: Health }> };

export const ComponentRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ComponentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Component"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"purl"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"direct"}},{"kind":"Field","name":{"kind":"Name","value":"licenses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expression"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ComponentRowFragment, unknown>;
export const StatusPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StatusParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<StatusPartsFragment, unknown>;
export const FindingRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FindingRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Finding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"fixedIn"}},{"kind":"Field","name":{"kind":"Name","value":"component"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"purl"}},{"kind":"Field","name":{"kind":"Name","value":"direct"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"vulnerability"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"published"}},{"kind":"Field","name":{"kind":"Name","value":"severity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rating"}},{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"epss"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"probability"}},{"kind":"Field","name":{"kind":"Name","value":"percentile"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"kev"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dateAdded"}},{"kind":"Field","name":{"kind":"Name","value":"dueDate"}},{"kind":"Field","name":{"kind":"Name","value":"ransomware"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sourceStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"StatusParts"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StatusParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<FindingRowFragment, unknown>;
export const JobStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"JobState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"maxAttempts"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<JobStateFragment, unknown>;
export const ProjectRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"releases"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"componentCount"}},{"kind":"Field","name":{"kind":"Name","value":"ingestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ProjectRowFragment, unknown>;
export const OverviewDocument = {"__meta__":{"hash":"ac8591cf2d708f39fa1fb771a6a842a9cadb2aa85b17fb0f089fdfce8a1753f5"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Overview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"projects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProjectRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"releases"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"componentCount"}},{"kind":"Field","name":{"kind":"Name","value":"ingestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<OverviewQuery, OverviewQueryVariables>;
export const ProjectDocument = {"__meta__":{"hash":"81eeea507155ad858a138c436afa40083e404a92ea61daf7a7cd0730bc1cae8a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Project"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"project"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"releases"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"specVersion"}},{"kind":"Field","name":{"kind":"Name","value":"tool"}},{"kind":"Field","name":{"kind":"Name","value":"componentCount"}},{"kind":"Field","name":{"kind":"Name","value":"ingestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<ProjectQuery, ProjectQueryVariables>;
export const ProjectsDocument = {"__meta__":{"hash":"60d33fcce2170c4af19a78b326f8bc6e535aa2a1b1f31da220ca015a79995f6d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Projects"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ProjectFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"projects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProjectRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"releases"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"componentCount"}},{"kind":"Field","name":{"kind":"Name","value":"ingestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ProjectsQuery, ProjectsQueryVariables>;
export const ReleaseDocument = {"__meta__":{"hash":"2b24c186bf4617e215bcc26abb0704d41a6864223f80c097ae2c7f98b82ee5aa"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Release"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"version"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"project"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"release"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"version"},"value":{"kind":"Variable","name":{"kind":"Name","value":"version"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"specVersion"}},{"kind":"Field","name":{"kind":"Name","value":"encoding"}},{"kind":"Field","name":{"kind":"Name","value":"tool"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"documentedAt"}},{"kind":"Field","name":{"kind":"Name","value":"ingestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"ingestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"componentCount"}},{"kind":"Field","name":{"kind":"Name","value":"dependencyCount"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"location"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<ReleaseQuery, ReleaseQueryVariables>;
export const ReleaseComponentsDocument = {"__meta__":{"hash":"2b68c2f74ec70141803b18a06905b480c1ef98c81cd747e21b7a05ed696086f1"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReleaseComponents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"version"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"release"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"version"},"value":{"kind":"Variable","name":{"kind":"Name","value":"version"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"components"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ComponentRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ComponentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Component"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"purl"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"direct"}},{"kind":"Field","name":{"kind":"Name","value":"licenses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expression"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ReleaseComponentsQuery, ReleaseComponentsQueryVariables>;
export const ComponentFactsDocument = {"__meta__":{"hash":"1c363a1cb3781180ac1121720c264d4e9aae1044baac03246b39f850612ec02b"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ComponentFacts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Component"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"findings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"FindingRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sourceStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"StatusParts"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"package"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"latestVersion"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"purl"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"publishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sourceStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"StatusParts"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StatusParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FindingRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Finding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"fixedIn"}},{"kind":"Field","name":{"kind":"Name","value":"component"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"purl"}},{"kind":"Field","name":{"kind":"Name","value":"direct"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"vulnerability"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"published"}},{"kind":"Field","name":{"kind":"Name","value":"severity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rating"}},{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"epss"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"probability"}},{"kind":"Field","name":{"kind":"Name","value":"percentile"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"kev"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dateAdded"}},{"kind":"Field","name":{"kind":"Name","value":"dueDate"}},{"kind":"Field","name":{"kind":"Name","value":"ransomware"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sourceStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"StatusParts"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ComponentFactsQuery, ComponentFactsQueryVariables>;
export const SourcesDocument = {"__meta__":{"hash":"7ae8fac0a0c75b6242aec563b2da442353968f4e28abd3c4b96ba9a21566cb49"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"failures"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"mirror"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"records"}},{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<SourcesQuery, SourcesQueryVariables>;
export const UploadBomDocument = {"__meta__":{"hash":"61ba39c457f7f0cd29ccf39901194fdafa686fd99a804cc7f79d86536e32e247"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UploadBom"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"IngestBomInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ingestBom"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"JobState"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"digest"}},{"kind":"Field","name":{"kind":"Name","value":"format"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"JobState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"maxAttempts"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<UploadBomMutation, UploadBomMutationVariables>;
export const UploadProgressDocument = {"__meta__":{"hash":"3f95c56f78bf1ea72937ec36a99e1b7dc4bf5ae06f1bc57bd599f47477cb325c"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"UploadProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"JobState"}},{"kind":"Field","name":{"kind":"Name","value":"bom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"componentCount"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"location"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"JobState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"maxAttempts"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<UploadProgressSubscription, UploadProgressSubscriptionVariables>;
export const UploadProjectsDocument = {"__meta__":{"hash":"14cc374cbff78e368056953c590b46bb90a2d20487e2759fb7372b6b8eb02b1a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"UploadProjects"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"projects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<UploadProjectsQuery, UploadProjectsQueryVariables>;
export const ShellDocument = {"__meta__":{"hash":"78765f591d37ab17a42319e03ca95ced953c6247a2c51d0bb9dfe74abc6af9b6"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Shell"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<ShellQuery, ShellQueryVariables>;
