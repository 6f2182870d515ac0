# Parameter tables by lavaan's defaults, no fitting. Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("../holzinger/data.csv")
data$x10 <- data$agemo
models <- c(
  marker_label = "f =~ a*x1 + x2 + x3 + x4",
  marker_shared = "f =~ a*x1 + a*x2 + x3 + x4",
  freed_marker = "f =~ NA*x1 + x2 + x3; f ~~ 1*f",
  fixed_later = "f =~ x1 + 1*x2 + -0.5*x3 + 1e-1*x4",
  mixed_outcomes = "f =~ x1 + x2 + x3\nx4 ~ f + sex\nx5 ~ sex + ageyr",
  indicator_leads = "f =~ x1 + x2 + x3\nx4 ~ x1\nx5 ~ x4",
  only_covariance = "f =~ x1 + x2 + x3\nx4 ~~ x5",
  single_in_higher = "f =~ x1 + x2 + x3\ng =~ x4\nh =~ g + f",
  only_factor = "f =~ x1 + x2 + x3\ng =~ f\ng ~ sex",
  single_with_error = "f =~ x1 + x2 + x3\ng =~ x4\nx4 ~~ 0.3*x4",
  single_shared = "f =~ x1 + x2 + x3\ng =~ x3",
  latent_outcomes = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\nk =~ sex + ageyr\ng + h + k ~ f",
  latent_and_observed_outcome = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f\nx9 ~ f",
  chain = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\ng ~ f\nh ~ g",
  path_only = "x3 ~ x2 + x1\nx4 ~ x3 + x1\nx5 ~ x3",
  mixed_order = "x1 ~~ x2\nf =~ x1 + x2 + x3 # first\ng ~ f ! second\n\ng =~ x4 +\n x5\n + x6",
  cross_loading = "f =~ x1 + x2 + x3 + x4\ng =~ x4 + x5 + x6\nf ~~ 0*g",
  second_order_outcome = "f =~ x1 + x2\ng =~ x3 + x4\nh =~ x5 + x6\nk =~ f + g + h\ny =~ x7 + x8 + x9\nf ~~ g\ny ~ k",
  covariates_two = "f =~ x1 + x2 + x3\nf ~ sex + ageyr + x10\nx9 ~ f + sex")
tables <- do.call(rbind, lapply(names(models), function(name) {
  p <- parTable(sem(models[[name]], data, do.fit = FALSE))
  cbind(model = name, p[p$op %in% c("=~", "~", "~~"), c("lhs", "op", "rhs", "user", "free", "ustart", "exo", "label")])
}))
out(tables, "tables.csv")
out(data.frame(model = names(models), text = unname(models)), "models.csv")
