# Measurement invariance over three groups with skewed five-point answers: the data, and lavaan's numbers.
# Run in this folder: Rscript generate.R
suppressMessages(library(lavaan))

set.seed(20261122)
sizes <- c(north = 300, south = 240, west = 200)
loadings <- c(.80, .75, .70, .65, .75, .80, .70, .65)
cuts <- c(-1.9, -1.1, -.3, .9)
draw <- function(label, n) {
  shift <- c(north = 0, south = .35, west = -.25)[[label]]
  f1 <- rnorm(n, shift)
  f2 <- .5 * (f1 - shift) + sqrt(.75) * rnorm(n) - shift / 2
  own <- loadings
  intercept <- rep(0, 8)
  if (label == "south") intercept[3] <- -.60    # x3: the planted intercept
  if (label == "west") own[6] <- .45            # x6: the planted loading
  factors <- cbind(f1, f1, f1, f1, f2, f2, f2, f2)
  y <- sweep(sweep(factors, 2, own, "*"), 2, intercept, "+")
  y <- y + sweep(matrix(rnorm(n * 8), n), 2, sqrt(1 - own^2), "*")
  answers <- apply(y, 2, function(v) findInterval(v, cuts) + 1)
  data.frame(setNames(as.data.frame(answers), paste0("x", 1:8)), group = label)
}
data <- do.call(rbind, Map(draw, names(sizes), sizes))
write.csv(data, "data.csv", row.names = FALSE)

text <- readLines("model.txt")
keep <- c("npar", "chisq", "df", "chisq.scaled", "chisq.scaling.factor", "cfi.robust", "rmsea.robust", "srmr",
          "cfi.scaled", "rmsea.scaled")
equal <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
              strict = c("loadings", "intercepts", "residuals"))
tight <- list()  # tighter tolerances end in nlminb's false convergence
fit_with <- function(same, partial = NULL, estimator = "MLR")
  do.call("cfa", c(list(model = text, data = data, group = "group", std.lv = TRUE, meanstructure = TRUE,
                      estimator = estimator, group.equal = same, group.partial = partial), tight))
# the releases: lavaan's own largest score test, one after the other, until the scaled difference passes
fits <- lapply(equal, fit_with)
measures <- function(fits) do.call(rbind, lapply(names(fits), function(name) {
  m <- fitMeasures(fits[[name]])
  data.frame(step = name, measure = keep, value = as.numeric(m[keep]))
}))
out <- function(x, file) {
  numbers <- sapply(x, is.numeric)
  x[numbers] <- lapply(x[numbers], function(v) format(v, digits = 15, scientific = FALSE, trim = TRUE))
  write.csv(x, file, row.names = FALSE, quote = FALSE)
}
lrt <- function(small, large, ...) {
  test <- suppressWarnings(lavTestLRT(large, small, ...))
  data.frame(difference = test[2, "Chisq diff"], df = test[2, "Df diff"], p_value = test[2, "Pr(>Chisq)"])
}
out(measures(fits), "ladder.csv")
steps <- names(fits)
out(do.call(rbind, lapply(2:4, function(i)
  cbind(step = steps[i], lrt(fits[[i]], fits[[i - 1]], method = "satorra.bentler.2001")))), "lrt.csv")

score <- function(fit, name) {
  uni <- lavTestScore(fit)$uni
  table <- parTable(fit)
  side <- function(label) {
    row <- table[match(label, table$plabel), ]
    paste0(row$lhs, " ", row$op, if (nzchar(row$rhs)) paste0(" ", row$rhs) else "",
           ifelse(row$group > 1, paste0(".g", row$group), ""))
  }
  data.frame(step = name, lhs = sapply(uni$lhs, side), rhs = sapply(uni$rhs, side), chi_square = uni$X2,
             p_value = uni$p.value)
}
out(rbind(score(fits$metric, "metric"), score(fits$scalar, "scalar")), "score.csv")

# partial: x6's loading and x3's intercept free over all groups
partial <- list(metric = fit_with(equal$metric, "f2 =~ x6"),
                scalar = fit_with(equal$scalar, c("f2 =~ x6", "x6 ~1", "x3 ~1")))
out(measures(partial), "partial.csv")
out(cbind(step = "metric", lrt(partial$metric, fits$configural, method = "satorra.bentler.2001")),
    "partial_metric_lrt.csv")
means <- parameterEstimates(partial$scalar)
means <- means[(means$op == "~1" & means$lhs %in% c("f1", "f2")) | (means$op == "~~" & means$lhs == means$rhs &
               means$lhs %in% c("f1", "f2")), c("lhs", "op", "group", "est", "se")]
means$se[is.na(means$se)] <- 0
out(means, "means.csv")
# the pooled effect size as a defined parameter: labels of the second and third group's mean and variance
sizes_text <- c(text,
  "f1 ~ c(0,NA,NA)*1 + c(m11, m12, m13)*1", "f2 ~ c(0,NA,NA)*1 + c(m21, m22, m23)*1",
  "f1 ~~ c(1,NA,NA)*f1 + c(v11, v12, v13)*f1", "f2 ~~ c(1,NA,NA)*f2 + c(v21, v22, v23)*f2",
  "d12 := m12 / sqrt((300 + 240*v12)/540)", "d13 := m13 / sqrt((300 + 200*v13)/500)",
  "d22 := m22 / sqrt((300 + 240*v22)/540)", "d23 := m23 / sqrt((300 + 200*v23)/500)")
sized <- do.call("cfa", list(model = sizes_text, data = data, group = "group", std.lv = TRUE, estimator = "MLR",
  meanstructure = TRUE, group.equal = equal$scalar, group.partial = c("f2 =~ x6", "x6 ~1", "x3 ~1")))
d <- parameterEstimates(sized)
d <- d[d$op == ":=", c("lhs", "est", "se", "ci.lower", "ci.upper")]
out(d, "effect_sizes.csv")

# ordered categories, after Wu and Estabrook (2016): thresholds; loadings; intercepts. Delta.
items <- paste0("x", 1:8)
threshold_lines <- unlist(lapply(items, function(x) sprintf("%s | c(%s, %s, %s)*t%d", x,
  paste0(x, "t", 1:4), paste0(x, "t", 1:4), paste0(x, "t", 1:4), 1:4)))
scale_lines <- sprintf("%s ~*~ c(1, NA, NA)*%s", items, items)
free_intercepts <- sprintf("%s ~ c(0, NA, NA)*1", items)
zero_intercepts <- sprintf("%s ~ c(0, 0, 0)*1", items)
mean_lines <- function(free) sprintf("%s ~ c(0, %s)*1", c("f1", "f2"), if (free) "NA, NA" else "0, 0")
variance_lines <- function(free) sprintf("%s ~~ c(1, %s)*%s", c("f1", "f2"), if (free) "NA, NA" else "1, 1", c("f1", "f2"))
same_loadings <- c("f1 =~ c(a1,a1,a1)*x1 + c(a2,a2,a2)*x2 + c(a3,a3,a3)*x3 + c(a4,a4,a4)*x4",
                   "f2 =~ c(b5,b5,b5)*x5 + c(b6,b6,b6)*x6 + c(b7,b7,b7)*x7 + c(b8,b8,b8)*x8")
ordinal_texts <- list(
  configural = text,
  thresholds = c(text, threshold_lines, scale_lines, free_intercepts, mean_lines(FALSE), variance_lines(FALSE)),
  metric = c(same_loadings, threshold_lines, scale_lines, free_intercepts, mean_lines(FALSE), variance_lines(TRUE)),
  scalar = c(same_loadings, threshold_lines, scale_lines, zero_intercepts, mean_lines(TRUE), variance_lines(TRUE)))
ordinal <- lapply(ordinal_texts, function(t) cfa(t, data = data, group = "group", std.lv = TRUE, ordered = items,
  estimator = "WLSMV", parameterization = "delta"))
out(measures(ordinal), "ordinal.csv")
steps <- names(ordinal)
out(do.call(rbind, lapply(2:4, function(i) cbind(step = steps[i], lrt(ordinal[[i]], ordinal[[i - 1]])))),
    "ordinal_lrt.csv")
print(sapply(fits, function(f) lavInspect(f, "converged")))
print(lapply(fits, function(f) fitMeasures(f)[keep]))
