// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Batch;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.ForwardingStore;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import leftfold.store.Subscription;

/** Ways in which a store can be almost right, each with the test of the contract that must notice. */
enum Fault {
    IGNORES_CONDITIONS("a_stream_at_another_version_refuses") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public AppendResult append(Append append) {
                    return right.append(append.writes(), List.of());
                }
            };
        }
    },
    CHECKS_ONLY_STREAMS_THAT_IT_WRITES("the_version_of_a_stream_that_is_not_written_is_checked") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public AppendResult append(Append append) {
                    Set<StreamId> written = Set.copyOf(
                            append.writes().stream().map(StreamWrite::stream).toList());
                    return right.append(
                            append.writes(),
                            append.conditions().stream()
                                    .filter(condition -> !(condition instanceof AppendCondition.StreamAt at)
                                            || written.contains(at.stream()))
                                    .toList());
                }
            };
        }
    },
    CHECKS_THEN_APPENDS("of_writers_that_expect_the_same_version_one_wins") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public AppendResult append(Append append) {
                    for (AppendCondition condition : append.conditions()) {
                        if (condition instanceof AppendCondition.StreamAt at) {
                            long found = right.streamVersion(at.stream());
                            if (found != at.version()) {
                                throw new StoreException.Conflict(at, found);
                            }
                        }
                    }
                    LockSupport.parkNanos(1_000_000);
                    return right.append(append.writes(), List.of());
                }
            };
        }
    },
    APPENDS_STREAM_BY_STREAM("a_refused_append_leaves_nothing_in_any_stream") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public AppendResult append(Append append) {
                    for (StreamWrite write : append.writes()) {
                        List<AppendCondition> own = append.conditions().stream()
                                .filter(condition -> condition instanceof AppendCondition.StreamAt at
                                        && at.stream().equals(write.stream()))
                                .toList();
                        right.append(List.of(write), own);
                    }
                    return right.append(append.writes(), List.of());
                }
            };
        }
    },
    FORGETS_IDS("a_repeat_long_after_returns_the_first_outcome_and_writes_nothing") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public AppendResult append(Append append) {
                    return right.append(
                            append.writes().stream()
                                    .map(write -> new StreamWrite(
                                            write.stream(),
                                            write.events().stream()
                                                    .map(event -> event.withId(UUID.randomUUID()))
                                                    .toList()))
                                    .toList(),
                            append.conditions());
                }
            };
        }
    },
    CHECKS_CONDITIONS_OF_REPEATS("a_repeat_succeeds_though_other_conditions_no_longer_hold") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public AppendResult append(Append append) {
                    for (AppendCondition condition : append.conditions()) {
                        if (condition instanceof AppendCondition.StreamExists exists
                                && right.streamVersion(exists.stream()) == 0) {
                            throw new StoreException.Conflict(condition, 0);
                        }
                    }
                    return right.append(append);
                }
            };
        }
    },
    MATCHES_ANY_TAG("all_tags_of_an_item_must_be_there") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
                    List<Query.Item> items = query.items().stream()
                            .flatMap(item -> item.tags().isEmpty()
                                    ? Stream.of(item)
                                    : item.tags().stream()
                                            .map(tag -> new Query.Item(
                                                    item.stream(), item.category(), item.types(), Set.of(tag))))
                            .toList();
                    return right.read(new Query(items), from, direction, limit);
                }
            };
        }
    },
    READS_WHAT_COMES_LATER("a_read_shows_the_log_as_it_stood_at_the_call") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
                    return Stream.of(query).flatMap(late -> right.read(late, from, direction, limit));
                }
            };
        }
    },
    LIMITS_BEFORE_IT_MATCHES("a_limit_counts_matching_events") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
                    return right.read(Query.all(), from, direction, limit).filter(query::matches);
                }
            };
        }
    },
    SORTS_HEADERS("headers_keep_their_order") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
                    return right.read(query, from, direction, limit).map(this::sorted);
                }

                private RecordedEvent sorted(RecordedEvent recorded) {
                    Metadata metadata = recorded.metadata();
                    Event event = recorded.event()
                            .withMetadata(new Metadata(
                                    metadata.causationId(),
                                    metadata.correlationId(),
                                    metadata.actor(),
                                    metadata.producer(),
                                    new TreeMap<>(metadata.headers())));
                    return new RecordedEvent(
                            recorded.position(), recorded.stream(), recorded.version(), recorded.recordedAt(), event);
                }
            };
        }
    },
    KEEPS_MILLISECONDS("the_time_is_kept_in_whole_microseconds") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
                    return right.read(query, from, direction, limit)
                            .map(recorded -> new RecordedEvent(
                                    recorded.position(),
                                    recorded.stream(),
                                    recorded.version(),
                                    recorded.recordedAt().truncatedTo(ChronoUnit.MILLIS),
                                    recorded.event()));
                }
            };
        }
    },
    FINDS_IN_ANY_STREAM("an_event_is_found_by_its_id_in_its_stream_only") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Optional<RecordedEvent> find(StreamId stream, UUID id) {
                    return right.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)
                            .filter(event -> event.id().equals(id))
                            .findFirst();
                }
            };
        }
    },
    LISTS_STREAMS_BY_NAME("streams_are_listed_with_their_versions_in_the_order_of_their_first_events") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Stream<StreamVersion> streams() {
                    return right.streams().sorted(Comparator.comparing(StreamVersion::stream));
                }
            };
        }
    },
    EXCLUDES_THE_INSTANT("the_position_at_an_instant_is_that_of_the_last_event_recorded_by_then") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public long positionAt(Instant instant) {
                    return right.positionAt(instant.minusNanos(1));
                }
            };
        }
    },
    FILLS_BATCHES_AS_IT_LIKES("a_batch_has_at_most_as_many_events_as_asked_for") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Subscription subscribe(Query query, long after) {
                    return following(right.subscribe(query, after), (from, eventsMax, wait) -> from.next(1_000, wait));
                }
            };
        }
    },
    STAYS_BEHIND_EVENTS_THAT_DO_NOT_MATCH("events_that_do_not_match_still_move_the_position") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Subscription subscribe(Query query, long after) {
                    return following(right.subscribe(query, after), (from, eventsMax, wait) -> {
                        Batch batch = from.next(eventsMax, wait);
                        return batch.events().isEmpty() ? new Batch(List.of(), after, batch.head()) : batch;
                    });
                }
            };
        }
    },
    REPEATS_EVENTS_WHEN_INTERRUPTED("an_interrupted_wait_ends_and_the_next_call_continues_without_loss") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public Subscription subscribe(Query query, long after) {
                    Subscription[] current = {right.subscribe(query, after)};
                    return following(current[0], (from, eventsMax, wait) -> {
                        try {
                            return current[0].next(eventsMax, wait);
                        } catch (InterruptedException e) {
                            current[0] = right.subscribe(query, after);
                            throw e;
                        }
                    });
                }
            };
        }
    },
    RESTORES_AT_ITS_OWN_TIME("a_restored_log_is_the_same_log") {
        @Override
        EventStore in(RestorableStore right) {
            return new RestorableForwardingStore(right) {
                @Override
                public void restore(List<RecordedEvent> events) {
                    for (RecordedEvent event : events) {
                        right.append(List.of(new StreamWrite(event.stream(), List.of(event.event()))), List.of());
                    }
                }
            };
        }
    },
    RESTORES_ONE_BY_ONE("refused_events_leave_nothing_and_the_log_goes_on") {
        @Override
        EventStore in(RestorableStore right) {
            return new RestorableForwardingStore(right) {
                @Override
                public void restore(List<RecordedEvent> events) {
                    events.forEach(event -> right.restore(List.of(event)));
                }
            };
        }
    },
    STAYS_OPEN("a_closed_store_refuses_every_use") {
        @Override
        EventStore in(RestorableStore right) {
            return new ForwardingStore(right) {
                @Override
                public void close() {}
            };
        }
    };

    /** How a batch comes about. */
    interface Next {
        Batch from(Subscription right, int eventsMax, Duration wait) throws InterruptedException;
    }

    final String noticedBy;

    Fault(String noticedBy) {
        this.noticedBy = noticedBy;
    }

    /** Returns a store that does what {@code right} does, but for this fault. */
    abstract EventStore in(RestorableStore right);

    private static Subscription following(Subscription right, Next next) {
        return new Subscription() {
            @Override
            public Batch next(int eventsMax, Duration wait) throws InterruptedException {
                return next.from(right, eventsMax, wait);
            }

            @Override
            public void close() {
                right.close();
            }
        };
    }
}
