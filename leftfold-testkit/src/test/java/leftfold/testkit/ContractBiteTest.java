// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import leftfold.memory.MemoryEventStore;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract notices stores that do not keep it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ContractBiteTest {
    /** The whole contract over a store that does nothing. */
    static final class NoopSuite extends DurableEventStoreContract implements DurableRestoreContract {
        NoopSuite() {
            super(clock -> new NoopEventStore());
        }
    }

    /** The contract over a store with one fault. */
    static final class FaultySuite extends EventStoreContract implements RestoreContract {
        static Fault fault = Fault.IGNORES_CONDITIONS;

        FaultySuite() {
            super(clock -> fault.in(new MemoryEventStore(clock)));
        }
    }

    /** The contract over a store that is right. */
    static final class RightSuite extends EventStoreContract implements RestoreContract {
        RightSuite() {
            super(clock -> new RestorableForwardingStore(new MemoryEventStore(clock)));
        }
    }

    @Test
    void a_store_that_does_nothing_fails_every_test() {
        Map<String, Status> outcomes = run(DiscoverySelectors.selectClass(NoopSuite.class));

        assertThat(outcomes).hasSizeGreaterThan(150);
        assertThat(outcomes.entrySet())
                .as("tests that a store that does nothing does not fail")
                .allMatch(outcome -> outcome.getValue() == Status.FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void a_store_with_one_fault_fails_the_test_about_it(Fault fault) {
        FaultySuite.fault = fault;

        assertThat(run(DiscoverySelectors.selectMethod(RightSuite.class, fault.noticedBy)))
                .containsExactly(Map.entry(fault.noticedBy, Status.SUCCESSFUL));
        assertThat(run(DiscoverySelectors.selectMethod(FaultySuite.class, fault.noticedBy)))
                .containsExactly(Map.entry(fault.noticedBy, Status.FAILED));
    }

    @Test
    void no_contract_can_skip_a_test() throws IOException {
        Set<Class<?>> contracts = contracts();
        List<String> skips = new ArrayList<>();
        for (Class<?> contract : contracts) {
            String names = constantsOf(contract);
            assertThat(names).contains(contract.getSimpleName());
            for (String skip : List.of("Assumptions", "TestAborted", "jupiter/api/Disabled", "jupiter/api/condition")) {
                if (names.contains(skip)) {
                    skips.add(contract.getSimpleName() + " uses " + skip);
                }
            }
        }

        assertThat(contracts).hasSizeGreaterThan(12);
        assertThat(skips).isEmpty();
    }

    @Test
    void contracts_are_flat() {
        for (Class<?> contract : contracts()) {
            assertThat(contract.getDeclaredClasses())
                    .as("classes inside %s", contract)
                    .isEmpty();
        }
    }

    private static Set<Class<?>> contracts() {
        return contractsOf(
                DurableRestoreContract.class, contractsOf(DurableEventStoreContract.class, new LinkedHashSet<>()));
    }

    private static Set<Class<?>> contractsOf(Class<?> type, Set<Class<?>> found) {
        if (type.getPackageName().equals(EventStoreContract.class.getPackageName()) && found.add(type)) {
            for (Class<?> above : type.getInterfaces()) {
                contractsOf(above, found);
            }
            if (type.getSuperclass() != null) {
                contractsOf(type.getSuperclass(), found);
            }
        }
        return found;
    }

    /** Returns the bytes of a class file as text: every name that it uses stands there. */
    private static String constantsOf(Class<?> type) throws IOException {
        try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static Map<String, Status> run(DiscoverySelector selector) {
        Map<String, Status> outcomes = new TreeMap<>();
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    outcomes.put(test.getLegacyReportingName().replace("()", ""), result.getStatus());
                }
            }
        };
        LauncherConfig config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
        LauncherFactory.create(config).execute(request, listener);
        return outcomes;
    }
}
