# Data of R's own package datasets, and all pairwise comparisons by multcomp. Run: Rscript generate.R
library(multcomp)
set.seed(1)
save <- function(x, name) write.csv(format(x, digits = 15, trim = TRUE), paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
save(attitude, "attitude")
save(swiss, "swiss")
save(InsectSprays, "sprays")

fit <- aov(count ~ spray, data = InsectSprays)
all <- glht(fit, linfct = mcp(spray = "Tukey"))
one <- summary(all, test = adjusted("single-step", abseps = 1e-5, maxpts = 1e6))$test
pairs <- data.frame(pair = gsub(" ", "", names(one$coefficients)), difference = one$coefficients,
                    se = one$sigma, t = one$tstat, p = one$pvalues)
save(pairs, "pairs")
calpha <- attr(confint(all, calpha = univariate_calpha())$confint, "calpha")
joint <- qmvt(0.95, tail = "both.tails", df = df.residual(fit), corr = cov2cor(vcov(all)),
              maxpts = 1e6, abseps = 1e-5)$quantile
normal <- qmvnorm(0.95, tail = "both.tails", corr = cov2cor(vcov(all)), maxpts = 1e6, abseps = 1e-5)$quantile
save(data.frame(df = df.residual(fit), single = calpha, t = joint, normal = normal), "critical")
cat(R.version.string, "multcomp", as.character(packageVersion("multcomp")), "mvtnorm", as.character(packageVersion("mvtnorm")), "\n")
