// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews;

import leftfold.example.marketnews.newsroom.NewsCodec;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.onboarding.OnboardingDesk;
import leftfold.example.marketnews.traffic.Traffic;
import leftfold.process.ProcessDeclaration;
import leftfold.process.ProcessRunner;
import leftfold.store.EventStore;
import leftfold.subscription.MemoryCheckpoints;

/** A newsroom with its onboarding process on a store, for tests. Confined to one thread. */
public record RunningNewsroom(EventStore store, Newsroom newsroom, ProcessRunner onboarding) implements AutoCloseable {
    /** Starts the process on {@code store}, which stays open afterwards. */
    public static RunningNewsroom on(EventStore store) {
        Newsroom newsroom = Newsroom.on(store);
        var process = new ProcessDeclaration<>(new Onboarding(), Onboarding.INPUTS, new NewsCodec(), Onboarding.CODEC);
        var runner = ProcessRunner.start(store, process, new MemoryCheckpoints(), new OnboardingDesk(store, newsroom));
        return new RunningNewsroom(store, newsroom, runner);
    }

    /** Returns the traffic of {@code seed} into this newsroom. */
    public Traffic traffic(long seed) {
        return new Traffic(store, newsroom, seed);
    }

    @Override
    public void close() {
        onboarding.close();
    }
}
