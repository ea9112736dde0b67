// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What tests that run over every database begin with: a workplace of their own. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@ParameterizedClass
@EnumSource(TestDatabase.class)
abstract class AtWorkplace {
    @Parameter
    TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    Path folder;

    Workplace here;

    @BeforeEach
    void open() {
        here = new Workplace(kind, folder);
    }

    @AfterEach
    void end() throws Exception {
        here.close();
    }
}
